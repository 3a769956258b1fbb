import { concatBytes, fromBase64Url, sha256, toBase64Url } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { VerifyCredentialSignature } from '@/lib/ledger/ports';
import { readAuthenticatorData, rpIdHash } from './authenticator-data';
import { checkClientData } from './client-data';
import type { Assertion, CredentialKind } from './statement';

export type AssertionInput = {
  readonly assertion: Assertion;
  /** The challenge string that was issued. */
  readonly challenge: string;
  /** `publicKey` is an SPKI PEM. */
  readonly credential: {
    readonly kind: CredentialKind;
    readonly credId: string;
    readonly publicKey: string;
    /** What the passkey said so far; absent while it has said nothing. */
    readonly isBackupEligible?: boolean;
  };
  readonly rpId: string;
  readonly origins: readonly string[];
  readonly verify: VerifyCredentialSignature;
};

/** What a passkey's authenticator signed about itself; null for keys, which have none. */
export type VerifiedAssertion = { readonly counter: number | null; readonly backup: Backup | null };

/** Whether a passkey may be copied to other devices, and whether it has been. */
export type Backup = { readonly isEligible: boolean; readonly isBackedUp: boolean };

/**
 * Checks that a credential signed this challenge: the whole list of contract §2.4 except what needs stored state
 * (whether the credential is active and whose it is, and that a counter rose).
 * @returns the authenticator's signature counter and backup flags. Refuses with 401 and the reason in `details`.
 */
export const verifyAssertion = (input: AssertionInput): Outcome<VerifiedAssertion> => {
  const { assertion, credential } = input;
  if (assertion.kind !== credential.kind) return bad('The credential is of another kind.');
  if (!isSameCredentialId(assertion.kind, assertion.credId, credential.credId))
    return bad('The assertion names another credential.');
  const clientData = checkClientData(assertion.clientData, {
    kind: assertion.kind === 'Fido2' ? 'Fido2' : 'Key',
    ceremony: 'get',
    challenge: input.challenge,
    origins: input.origins,
  });
  if (!clientData.ok) return bad(clientData.reason);
  const signature = fromBase64Url(assertion.signature);
  if (signature === null) return bad('The signature is not base64url.');
  const { publicKey } = credential;
  if (assertion.kind !== 'Fido2') {
    return input.verify({ publicKey, data: clientData.bytes, signature, algorithm: assertion.algorithm })
      ? accepted({ counter: null, backup: null })
      : bad('The signature does not verify.');
  }
  const bytes = fromBase64Url(assertion.authenticatorData);
  const data = bytes && readAuthenticatorData(bytes);
  if (!data) return bad('The authenticator data is malformed.');
  if (data.rpIdHash !== rpIdHash(input.rpId)) return bad('The passkey belongs to another relying party.');
  if (!data.userPresent || !data.userVerified) return bad('The authenticator did not verify its user.');
  const { isBackupEligible: isEligible, isBackedUp } = data;
  // WebAuthn level 3, section 7.2 step 19: a passkey is born eligible or never is; another answer comes from another authenticator.
  if (credential.isBackupEligible !== undefined && credential.isBackupEligible !== isEligible)
    return bad('The passkey says otherwise than before whether it may be backed up.');
  return input.verify({ publicKey, data: concatBytes(bytes, sha256(clientData.bytes)), signature })
    ? accepted({ counter: data.counter, backup: { isEligible, isBackedUp } })
    : bad('The signature does not verify.');
};

/** Keys are named by their text, passkeys by their bytes, whichever base64 a client writes. */
export const isSameCredentialId = (kind: CredentialKind, left: string, right: string): boolean => {
  if (left === right || kind !== 'Fido2') return left === right;
  const [a, b] = [fromBase64Url(left), fromBase64Url(right)];
  return a !== null && b !== null && toBase64Url(a) === toBase64Url(b);
};

const bad = (reason: string) => refused(401, 'authentication.bad_assertion', 'Not Authorized.', { reason });
