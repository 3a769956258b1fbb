import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Actor } from './decision';
import { ACTIVITY_KIND_OF } from './intent';
import { actorPermission } from './live';
import type { ActivityRecord, KeyRecord, UserRecord } from './records';
import { find, type OrgState } from './state';

type User = Pick<UserRecord, 'id' | 'kind'>;
type Delegated = Pick<KeyRecord, 'id' | 'delegatedTo'>;

/** Whether a user may see a key and its wallets: end users see what is delegated to them and nothing else (contract A40). */
export const maySeeKey = (user: User, key: Pick<KeyRecord, 'delegatedTo'>): boolean =>
  user.kind !== 'EndUser' || key.delegatedTo === user.id;

/**
 * Who may have a key sign: of a delegated one its end user by their own credential and nobody else; of any other one nobody who is an
 * end user (design §4.3). Null when they may.
 */
const keyRefusal = (user: User, tokenId: string | undefined, key: Delegated) => {
  if (!maySeeKey(user, key)) return refused(404, 'wallet.not_found', 'wallet not found');
  if (key.delegatedTo === undefined) return null;
  if (key.delegatedTo !== user.id)
    return refused(
      403,
      'delegation.not_delegate',
      `This belongs to the end user ${key.delegatedTo}: only their own credential can move it.`,
    );
  return tokenId === undefined
    ? null
    : refused(
        403,
        'delegation.token',
        'An end user moves a delegated wallet with their own credential, not by a token.',
      );
};

/** The refusal that delegation puts on a request for a signature, cancelling included, or null. */
export const delegationRefusal = (
  state: OrgState,
  operationId: string,
  params: { readonly [name: string]: string },
  actor: Pick<Actor, 'user' | 'token'>,
) => {
  if (!ACTIVITY_KIND_OF[operationId]) return null;
  const wallet = find(state, 'wallet', params.walletId ?? '');
  const key = find(state, 'key', wallet?.keyId ?? params.keyId ?? '');
  return key ? keyRefusal(actor.user, actor.token?.id, key) : null;
};

/** The same about a recorded activity, at the state in which it is to be signed. */
export const activityDelegation = (state: OrgState, activity: ActivityRecord, requester: User) => {
  const key = find(state, 'key', activity.keyId);
  return key ? keyRefusal(requester, activity.requester.tokenId, key) : null;
};

/** Whether policies have no say: the end user decides alone over what is delegated to them (contract §4.6). */
export const isBeyondPolicy = (state: OrgState, keyId: string): boolean =>
  find(state, 'key', keyId)?.delegatedTo !== undefined;

/** The end user to whom something can be delegated: registered, so that a known key holds it from the start. */
export const findDelegate = (state: OrgState, userId: string): Outcome<UserRecord> => {
  const user = find(state, 'user', userId);
  if (!user?.isActive || user.kind !== 'EndUser') return refused(404, 'user.not_found', 'user not found', { userId });
  return user.isRegistered
    ? accepted(user)
    : refused(409, 'delegation.unregistered', 'The end user has registered no credential yet.', { userId });
};

type NewKeyBody = { readonly delegateTo?: string; readonly delayDelegation?: boolean };

/** What a new key says about delegation, once the maker may say it. */
export const delegationOfNewKey = (
  state: OrgState,
  actor: Actor,
  { delegateTo, delayDelegation }: NewKeyBody,
): Outcome<Pick<KeyRecord, 'delegatedTo' | 'delayDelegation'>> => {
  if (delegateTo === undefined) return accepted(delayDelegation ? { delayDelegation: true } : {});
  if (delayDelegation)
    return refused(
      400,
      'delegation.both',
      'delegateTo and delayDelegation exclude each other: delegate now, or later.',
    );
  const denied = actorPermission(state, actor, ['Keys:Delegate']);
  if (denied) return denied;
  const delegate = findDelegate(state, delegateTo);
  return delegate.ok ? accepted({ delegatedTo: delegate.value.id }) : delegate;
};
