import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import type { DelegationRecord } from '@/lib/ledger/records';
import { isDelegationLive } from '@/lib/ledger/seat-delegations';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { holdsPermission } from '../authorization';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageOfRecords } from '../pagination';
import type { View, Views } from '../registry';

const statusOf = (state: OrgState, delegation: DelegationRecord, now: number): string => {
  if (delegation.isRevoked) return 'Revoked';
  if (now >= delegation.until) return 'Ended';
  if (!isDelegationLive(state, delegation)) return 'Suspended';
  return now < delegation.from ? 'Scheduled' : 'Active';
};

const delegationView = (state: OrgState, delegation: DelegationRecord, now: number) => ({
  id: delegation.id,
  userId: delegation.requester.userId,
  toUserId: delegation.toUserId,
  from: toTimestamp(delegation.from),
  until: toTimestamp(delegation.until),
  status: statusOf(state, delegation, now),
  dateCreated: toTimestamp(delegation.dateCreated),
});

const listDelegations: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { state, user } = caller;
  const { userId, toUserId, current } = request.query;
  const now = services.now();
  const mayReadAll = holdsPermission(caller, 'Policies:Approvals:Read');
  const seen = all(state, 'delegation').filter(
    (item) =>
      (mayReadAll || item.requester.userId === user.id || item.toUserId === user.id) &&
      (userId === undefined || item.requester.userId === userId) &&
      (toUserId === undefined || item.toUserId === toUserId) &&
      (current !== true || (!item.isRevoked && now < item.until)),
  );
  const { items, ...next } = pageOfRecords(seen, request, services);
  return { body: { items: items.map((item) => delegationView(state, item, now)), ...next } };
};

const viewDelegation: View = async (id, request, services) => {
  const state = await services.loadGovernance(callerOf(request).org.id);
  const delegation = find(state, 'delegation', id);
  return delegation
    ? delegationView(state, delegation, services.now())
    : refuse(refused(404, 'delegation.not_found', 'delegation not found', { delegationId: id }));
};

export const DELEGATION_HANDLERS: Handlers = { 'x.listDelegations': listDelegations };
export const DELEGATION_VIEWS: Views = { delegation: viewDelegation };
