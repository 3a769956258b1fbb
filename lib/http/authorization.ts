import { authorize, type Principal } from '@/lib/authorization/evaluate';
import { grantsOf } from '@/lib/ledger/live';
import { type ApiRequest, type Caller, callerOf, orRefuse } from './handler';

/** The caller as the authorization room sees it. */
export const principalOf = ({ user, token }: Pick<Caller, 'user' | 'token'>): Principal => ({
  userId: user.id,
  kind: user.kind,
  ...(token ? { token: { id: token.id, kind: token.kind } } : {}),
});

/** Refuses with 403 unless the caller holds one of the operations. */
export const requirePermission = (request: ApiRequest, ...anyOf: readonly string[]): void => {
  const caller = callerOf(request);
  orRefuse(authorize(principalOf(caller), anyOf, grantsOf(caller.state)));
};

/** Whether the caller holds one of the operations. */
export const holdsPermission = (caller: Caller, ...anyOf: readonly string[]): boolean =>
  authorize(principalOf(caller), anyOf, grantsOf(caller.state)).ok;
