import { accepted, refused } from '@/lib/domain/refusal';
import { mayVote } from '../approval';
import { freshId, notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId, type OperationInput, requesterOf } from '../decision';
import { actorPermission } from '../live';
import { isDelegationLive } from '../seat-delegations';
import { find, put } from '../state';

/** A seat is handed over for a time, not given away. */
const LONGEST_MS = 90 * 86_400_000;
/** How far ahead a delegation may begin. */
const FARTHEST_MS = 366 * 86_400_000;

type Body = { readonly toUserId: string; readonly from?: string; readonly until: string };

/** Whose seats can be handed over to whom: a person's, by their own credential, to another person who may approve. */
const peopleRefusal = ({ state, actor, body }: OperationInput<Body>) => {
  if (actor.user.isServiceAccount || actor.token)
    return refused(403, 'delegation.own_credential', 'A person hands over their seats with a credential of their own.');
  const to = find(state, 'user', body.toUserId);
  if (to?.kind !== 'CustomerEmployee' || to.isServiceAccount) return notFound('user', 'toUserId', body.toUserId);
  if (to.id === actor.user.id) return refused(400, 'delegation.to_oneself', 'Seats are handed over to somebody else.');
  return mayVote(state, to.id)
    ? null
    : refused(
        409,
        'delegation.no_approver',
        'This person may not approve: they are not active, or lack the permission Policies:Approvals:Approve.',
      );
};

export const createDelegation: LedgerOperation = {
  operationId: 'x.createDelegation',
  lane: governanceLane,
  effects: (input) => ({ delegationId: makeId('delegation', input) }),
  decide: (input: OperationInput<Body>) => {
    const { state, actor, body, effects, at } = input;
    const id = freshId(state, effects, 'delegationId', 'delegation', 'delegation');
    if (!id.ok) return id;
    const denied = peopleRefusal(input);
    if (denied) return denied;
    const from = Math.max(at, body.from === undefined ? at : Date.parse(body.from));
    const until = Date.parse(body.until);
    if (until <= from || until - from > LONGEST_MS || from - at > FARTHEST_MS)
      return refused(
        400,
        'delegation.time',
        'A delegation ends after it begins, lasts 90 days at most and begins within a year.',
      );
    const overlapping = state.tables.delegation
      .by('userId', actor.user.id)
      .find((item) => item.from < until && from < item.until && isDelegationLive(state, item));
    if (overlapping)
      return refused(
        409,
        'delegation.overlap',
        'Your seats are handed over for a part of that time already. Revoke that delegation first.',
        { delegationId: overlapping.id },
      );
    const record = { id: id.value, requester: requesterOf(actor), toUserId: body.toUserId, from, until };
    return accepted({
      changes: [put('delegation', { ...record, isRevoked: false, dateCreated: at })],
      result: { kind: 'delegation', id: id.value },
      status: 200,
    });
  },
};

/** Ends it at once, also for votes given by it that nothing was signed on yet. */
export const revokeDelegation: LedgerOperation = {
  operationId: 'x.revokeDelegation',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, actor, params }) => {
    const id = params.delegationId ?? '';
    const delegation = find(state, 'delegation', id);
    if (!delegation) return notFound('delegation', 'delegationId', id);
    if (delegation.isRevoked) return refused(409, 'delegation.revoked', 'The delegation was revoked before.');
    const isParty = actor.user.id === delegation.requester.userId || actor.user.id === delegation.toUserId;
    const denied = isParty ? null : actorPermission(state, actor, ['Permissions:Assign']);
    if (denied) return denied;
    return accepted({
      changes: [put('delegation', { ...delegation, isRevoked: true })],
      result: { kind: 'delegation', id },
      status: 200,
    });
  },
};
