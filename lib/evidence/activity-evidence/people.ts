import type { Evidence } from '@/lib/contract/evidence';
import { find } from '@/lib/ledger/state';
import type { Trail } from './trail';

/** `Ada (us-…)`; the id alone for somebody the server gave no name. */
export const sayPerson = (evidence: Evidence, userId: string): string => {
  const name = evidence.stated.people.find((one) => one.userId === userId)?.name;
  return name ? `${name} (${userId})` : userId;
};

const KIND = {
  Key: 'key',
  Fido2: 'passkey',
  PasswordProtectedKey: 'password-protected key',
  RecoveryKey: 'recovery key',
} as const;

/** `the passkey “Laptop” of Ada (us-…)`, and the service account's or personal token it stands for. */
export const sayCredential = (
  evidence: Evidence,
  trail: Trail,
  who: { readonly userId: string; readonly credentialId: string },
): string => {
  const credential = find(trail.replica.state, 'credential', who.credentialId);
  const token = credential?.tokenId ? find(trail.replica.state, 'token', credential.tokenId) : undefined;
  const kind = credential ? KIND[credential.kind] : 'credential';
  const through = token
    ? ` of the ${token.kind === 'Pat' ? 'personal access token' : 'service account token'} ${token.name}`
    : '';
  return `the ${kind} “${credential?.name ?? who.credentialId}”${through} of ${sayPerson(evidence, who.userId)}`;
};
