import { sha256 } from '@/lib/domain/hash';
import { parsePublicKey } from './pem';

/**
 * What two people compare when one vouches for the other's key: `SHA256:` and the unpadded base64 of SHA-256 over the SPKI DER.
 * Empty for a text that is no public key.
 */
export const keyFingerprint = (publicKeyPem: string): string => {
  const key = parsePublicKey(publicKeyPem);
  return key ? `SHA256:${btoa(String.fromCharCode(...sha256(key.spki))).replace(/=+$/, '')}` : '';
};
