import { isObject } from './is-object';

type SignedIn = { readonly orgId: string; readonly userId: string };

/** Who a session names; null when it names nobody. */
export const signedIn = (answer: unknown): SignedIn | null => {
  const user = isObject(answer) && isObject(answer['user']) ? answer['user'] : {};
  const { orgId, userId } = user;
  return typeof orgId === 'string' && typeof userId === 'string' ? { orgId, userId } : null;
};
