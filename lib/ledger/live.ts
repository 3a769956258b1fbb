import { authorize, effectiveOperations, type Principal } from '@/lib/authorization/evaluate';
import type { NamedGrants } from '@/lib/authorization/explain';
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

const principalOf = (user: UserRecord, token: TokenRecord | undefined): Principal => ({
  userId: user.id,
  kind: user.kind,
  ...(token ? { token: { id: token.id, kind: token.kind } } : {}),
});

/** Null when the identity holds one of the operations; else the refusal that names the first. */
export const permissionRefusal = (
  state: OrgState,
  identity: { readonly user: UserRecord; readonly token?: TokenRecord },
  anyOf: readonly string[],
): { readonly ok: false; readonly refusal: Refusal } | null => {
  const allowed = authorize(principalOf(identity.user, identity.token), anyOf, grantsOf(state));
  return allowed.ok ? null : allowed;
};

export const actorPermission = (state: OrgState, actor: Actor, anyOf: readonly string[]) =>
  permissionRefusal(state, actor, anyOf);

/** Whether a person signs in and signs requests with it: not a token's, not one for recovery. */
export const isFirstFactor = (credential: Pick<CredentialRecord, 'kind' | 'tokenId'>): boolean =>
  credential.tokenId === undefined && credential.kind !== 'RecoveryKey';

/** Whether the identity may do everything: full admin access, for a personal access token its own and its owner's. */
export const holdsFullAdmin = (
  state: OrgState,
  identity: { readonly user: UserRecord; readonly token?: TokenRecord },
): boolean => effectiveOperations(principalOf(identity.user, identity.token), grantsOf(state)) === 'everything';

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
  return permissionRefusal(state, token ? { user, token } : { user }, anyOf) ?? accepted(user);
};

/** A personal access token ends by itself and may do less than its owner: nobody's seat rests on it. */
const isOfPat = (state: OrgState, { tokenId }: CredentialRecord): boolean =>
  tokenId !== undefined && find(state, 'token', tokenId)?.kind === 'Pat';

/** People and service accounts whose vote would count now. */
export const liveVoters = (state: OrgState): { readonly userId: string; readonly isServiceAccount: boolean }[] => {
  const owners = new Set(
    all(state, 'credential')
      .filter((credential) => credential.kind !== 'RecoveryKey' && isCredentialLive(state, credential))
      .filter((credential) => !isOfPat(state, credential))
      .map((credential) => credential.userId),
  );
  return all(state, 'user')
    .filter((user) => owners.has(user.id) && user.kind === 'CustomerEmployee')
    .filter((user) => permissionRefusal(state, { user }, [PERMISSION_TO_DECIDE]) === null)
    .map((user) => ({ userId: user.id, isServiceAccount: user.isServiceAccount }));
};
