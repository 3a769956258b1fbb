import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { type Decided, GOVERNANCE, governanceLane, type LedgerOperation, type OperationInput } from '../decision';
import { actorPermission } from '../live';
import type { ActivityRecord, Change } from '../records';
import { find, type OrgState, put } from '../state';
import { windowsOf } from '../windows';

const WITHDRAWN = 'Withdrawn by who asked for it.';

/** A pending approval ends with what it was asked for. */
const closeApproval = (state: OrgState, approvalId: string | undefined, at: number): Change[] => {
  const approval = approvalId ? find(state, 'approval', approvalId) : undefined;
  return approval?.status === 'Pending'
    ? [put('approval', { ...approval, status: 'Denied', dateUpdated: at, dateResolved: at })]
    : [];
};

/** Ends a request that nothing is reserved for yet; its windows are free again. From `reserve` on only the signers can end it. */
const withdraw = (
  { state, actor, at }: OperationInput,
  activity: ActivityRecord,
  mayForOthers: readonly string[],
): Outcome<Decided> => {
  const isOwn = activity.requester.userId === actor.user.id;
  const denied = isOwn ? null : actorPermission(state, actor, mayForOthers);
  if (denied) return denied;
  const isWaiting = activity.status === 'Pending' || activity.status === 'Approved';
  if (!isWaiting || activity.chain?.status === 'Failed')
    return refused(
      409,
      'abort.status',
      activity.status === 'Reserved' || activity.status === 'Released'
        ? 'The request holds its nonce or is signed already. Cancel it instead.'
        : 'The request has ended already.',
    );
  const reason = isOwn ? WITHDRAWN : 'Withdrawn by somebody who may abort requests.';
  const changes: Change[] = [
    put('activity', { ...activity, status: 'Rejected', reason, datePolicyResolved: at }),
    ...closeApproval(state, activity.approvalId, at),
    ...windowsOf(state, activity.id).map(({ pendingUntil: _pendingUntil, ...window }) =>
      put('window', { ...window, counts: false }),
    ),
  ];
  return accepted({ changes, result: { kind: 'activity', id: activity.id }, status: 200 });
};

const laneOfActivity =
  (param: string): LedgerOperation['lane'] =>
  ({ state, params }) =>
    find(state, 'activity', params[param] ?? '')?.keyId ?? GOVERNANCE;

/** Of one kind on one wallet, as the dialect has it. */
const abortion = (
  operationId: string,
  param: string,
  kind: ActivityRecord['kind'],
  mayForOthers: readonly string[],
): LedgerOperation => ({
  operationId,
  lane: laneOfActivity(param),
  effects: () => ({}),
  decide: (input) => {
    const id = input.params[param] ?? '';
    const activity = find(input.state, 'activity', id);
    if (!activity || activity.kind !== kind || activity.walletId !== input.params.walletId)
      return notFound(kind.toLowerCase(), param, id);
    return withdraw(input, activity, mayForOthers);
  },
});

export const abortTransfer = abortion('wallets.abortTransfer', 'transferId', 'Transfer', ['Wallets:Transfers:Abort']);
export const abortTransaction = abortion('wallets.abortTransaction', 'transactionId', 'Transaction', [
  'Wallets:Transactions:Abort',
]);

const MAY_ABORT: { readonly [K in ActivityRecord['kind']]: readonly string[] } = {
  Transfer: ['Wallets:Transfers:Abort'],
  Transaction: ['Wallets:Transactions:Abort'],
  Signature: ['Wallets:Transactions:Abort'],
};

/** Of any kind, signatures included. */
export const abortActivity: LedgerOperation = {
  operationId: 'x.abortActivity',
  lane: laneOfActivity('activityId'),
  effects: () => ({}),
  decide: (input) => {
    const id = input.params.activityId ?? '';
    const activity = find(input.state, 'activity', id);
    return activity ? withdraw(input, activity, MAY_ABORT[activity.kind]) : notFound('activity', 'activityId', id);
  },
};

/** Who asked for a change of governance takes it back; nobody else can, others deny it. */
export const cancelChangeRequest: LedgerOperation = {
  operationId: 'x.cancelChangeRequest',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, actor, params, at }) => {
    const id = params.changeRequestId ?? '';
    const request = find(state, 'changeRequest', id);
    if (!request) return notFound('changeRequest', 'changeRequestId', id);
    if (request.requester.userId !== actor.user.id)
      return refused(403, 'change_request.not_own', 'Only who asked for a change takes it back; approvers deny it.');
    if (request.status !== 'Pending')
      return refused(409, 'change_request.resolved', `The change request is ${request.status.toLowerCase()} already.`);
    return accepted({
      changes: [
        put('changeRequest', { ...request, status: 'Rejected', reason: WITHDRAWN, dateResolved: at }),
        ...closeApproval(state, request.approvalId, at),
      ],
      result: { kind: 'changeRequest', id },
      status: 200,
    });
  },
};
