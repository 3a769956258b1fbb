import { readAuthenticatorData } from '@/lib/authentication/authenticator-data';
import type { SessionRow } from '@/lib/authentication/ports';
import type { Assertion } from '@/lib/authentication/statement';
import { authorize, principalOf } from '@/lib/authorization/evaluate';
import { NO_PROOF, type Proof, proofOf } from '@/lib/authorization/role-rules';
import { fromBase64Url } from '@/lib/domain/hash';
import { grantsOf } from '@/lib/ledger/live';
import { type ApiRequest, type Caller, callerOf, orRefuse } from './handler';

/** What a sign-in proved, for what it reads now. @param now Unix milliseconds. */
export const proofOfSession = (session: SessionRow, now: number): Proof => ({
  isHardwareBound: session.isHardwareBound,
  verifiedMsAgo: session.isUserVerified ? Math.max(0, now - session.issuedAt.getTime()) : null,
});

/** What the signature over a request proves. @param assertion Verified before. */
export const proofOfAssertion = (assertion: Assertion): Proof => {
  if (assertion.kind !== 'Fido2') return NO_PROOF;
  const bytes = fromBase64Url(assertion.authenticatorData);
  const data = bytes && readAuthenticatorData(bytes);
  return data ? proofOf({ kind: 'Fido2', isBackupEligible: data.isBackupEligible }) : NO_PROOF;
};

/** Refuses with 403 unless the caller holds one of the operations. */
export const requirePermission = (request: ApiRequest, ...anyOf: readonly string[]): void => {
  const caller = callerOf(request);
  orRefuse(authorize(principalOf(caller, caller.proof), anyOf, grantsOf(caller.state)));
};

/** Whether the caller holds one of the operations. */
export const holdsPermission = (caller: Caller, ...anyOf: readonly string[]): boolean =>
  authorize(principalOf(caller, caller.proof), anyOf, grantsOf(caller.state)).ok;
