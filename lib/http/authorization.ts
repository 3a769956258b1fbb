import { authorize, type Grants, type Principal } from '@/lib/authorization/evaluate';
import { find } from '@/lib/ledger/state';
import { type ApiRequest, type Caller, callerOf, orRefuse } from './handler';

/** The caller as the authorization room sees it. */
export const principalOf = ({ user, token }: Pick<Caller, 'user' | 'token'>): Principal => ({
  userId: user.id,
  kind: user.kind,
  ...(token ? { token: { id: token.id, kind: token.kind } } : {}),
});

/** The grants in force when the request came in. */
export const grantsOf = ({ org, state }: Pick<Caller, 'org' | 'state'>): Grants => ({
  fullAdminPermissionId: org.genesis.fullAdmin.permissionId,
  findPermission: (permissionId) => find(state, 'permission', permissionId),
  assignmentsOf: (identityId) => state.tables.assignment.by('identityId', identityId),
});

/** Refuses with 403 unless the caller holds one of the operations. */
export const requirePermission = (request: ApiRequest, ...anyOf: readonly string[]): void => {
  const caller = callerOf(request);
  orRefuse(authorize(principalOf(caller), anyOf, grantsOf(caller)));
};

/** Whether the caller holds one of the operations. */
export const holdsPermission = (caller: Caller, ...anyOf: readonly string[]): boolean =>
  authorize(principalOf(caller), anyOf, grantsOf(caller)).ok;
