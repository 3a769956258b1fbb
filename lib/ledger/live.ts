import { authorize, effectiveOperations, type Principal, principalOf } from '@/lib/authorization/evaluate';
import type { NamedGrants } from '@/lib/authorization/explain';
import { NO_PROOF, type Proof, proofOf } from '@/lib/authorization/role-rules';
import { accepted, type Outcome, type Refusal, refused } from '@/lib/domain/refusal';
import type { Actor } from './decision';
import type { CredentialRecord, Requester, TokenRecord, UserRecord } from './records';
import { all, find, type OrgState } from './state';

export const PERMISSION_TO_DECIDE = 'Policies:Approvals:Approve';

/** Permissions and assignments of this state; assignments with their ids, for whoever explains a right. */
export const grantsOf = (state: OrgState): NamedGrants => ({
  fullAdminPermissionId: all(state, 'org')[0]?.genesis.fullAdmin.permissionId ?? '',
  findPermission: (permissionId) => find(state, 'permission', permissionId),
  assignmentsOf: (identityId) => state.tables.assignment.by('identityId', identityId),
});

type Identity = { readonly user: UserRecord; readonly token?: TokenRecord };

/**
 * Null when the identity holds one of the operations; else the refusal that names the first.
 * @param proof What its signature proves, for the rules of roles; `any` where nobody has signed yet.
 */
export const permissionRefusal = (
  state: OrgState,
  identity: Identity,
  anyOf: readonly string[],
  proof: Principal['proof'],
): { readonly ok: false; readonly refusal: Refusal } | null => {
  const allowed = authorize(principalOf(identity, proof), anyOf, grantsOf(state));
  return allowed.ok ? null : allowed;
};

export const actorPermission = (state: OrgState, actor: Actor, anyOf: readonly string[]) =>
  permissionRefusal(state, actor, anyOf, proofOf(actor.credential));

/** Whether a person signs in and signs requests with it: not a token's, not one for recovery. */
export const isFirstFactor = (credential: Pick<CredentialRecord, 'kind' | 'tokenId'>): boolean =>
  credential.tokenId === undefined && credential.kind !== 'RecoveryKey';

/** Whether the actor may do everything: full admin access, for a personal access token its own and its owner's. */
export const holdsFullAdmin = (state: OrgState, actor: Actor): boolean =>
  effectiveOperations(principalOf(actor, proofOf(actor.credential)), grantsOf(state)) === 'everything';

/** The credential as it counts at signers: active, introduced, of an active registered user, its token not revoked. */
export const isCredentialLive = (state: OrgState, credential: CredentialRecord | undefined): boolean => {
  if (!credential?.isActive || !credential.introduced) return false;
  const user = find(state, 'user', credential.userId);
  if (!user?.isActive || !user.isRegistered) return false;
  return credential.tokenId === undefined || find(state, 'token', credential.tokenId)?.isActive === true;
};

/**
 * The requester or voter, still allowed at this state. Expiry of a token is judged at the entry, so not here; revocation and
 * lost permission are judged here again (design §4.3, §4.4).
 */
export const requesterStillMay = (
  state: OrgState,
  requester: Requester,
  anyOf: readonly string[],
): Outcome<UserRecord> => {
  const credential = find(state, 'credential', requester.credentialId);
  const user = find(state, 'user', requester.userId);
  if (!user || credential?.userId !== user.id || !isCredentialLive(state, credential))
    return refused(
      403,
      'authentication.revoked',
      `The credential ${requester.credentialId} of ${requester.userId} is no longer live.`,
    );
  const token = requester.tokenId ? find(state, 'token', requester.tokenId) : undefined;
  if (requester.tokenId && !token?.isActive)
    return refused(403, 'authentication.revoked', `The token ${requester.tokenId} was revoked.`);
  return permissionRefusal(state, token ? { user, token } : { user }, anyOf, proofOf(credential)) ?? accepted(user);
};

/** A personal access token ends by itself and may do less than its owner: nobody's seat rests on it. */
const isOfPat = (state: OrgState, { tokenId }: CredentialRecord): boolean =>
  tokenId !== undefined && find(state, 'token', tokenId)?.kind === 'Pat';

/** What the credentials prove with which somebody could sign now: the best of each, as a vote needs but one of them. */
export const provableBy = (credentials: readonly CredentialRecord[]): Proof =>
  credentials.map(proofOf).reduce<Proof>(
    (best, proof) => ({
      isHardwareBound: best.isHardwareBound || proof.isHardwareBound,
      verifiedMsAgo: best.verifiedMsAgo ?? proof.verifiedMsAgo,
    }),
    NO_PROOF,
  );

/** Credentials of a user, not of their personal tokens, that count now. */
export const liveCredentials = (state: OrgState, userId: string): CredentialRecord[] =>
  state.tables.credential
    .by('userId', userId)
    .filter((item) => item.kind !== 'RecoveryKey' && isCredentialLive(state, item) && !isOfPat(state, item));

/** People and service accounts whose vote would count now. */
export const liveVoters = (state: OrgState): { readonly userId: string; readonly isServiceAccount: boolean }[] =>
  all(state, 'user')
    .filter((user) => user.kind === 'CustomerEmployee')
    .filter((user) => {
      const credentials = liveCredentials(state, user.id);
      return (
        credentials.length > 0 &&
        permissionRefusal(state, { user }, [PERMISSION_TO_DECIDE], provableBy(credentials)) === null
      );
    })
    .map((user) => ({ userId: user.id, isServiceAccount: user.isServiceAccount }));
