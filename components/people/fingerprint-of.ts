import { pemFingerprint } from '@/lib/client/fingerprint';
import type { UserCredential } from '@/lib/client/shapes';

/** The fingerprint, computed here from the key where it is one; the server's word else. */
export const fingerprintOf = (credential: Pick<UserCredential, 'publicKey' | 'fingerprint'>): string =>
  pemFingerprint(credential.publicKey) ?? credential.fingerprint;
