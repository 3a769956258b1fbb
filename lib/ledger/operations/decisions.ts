import { accepted, refused } from '@/lib/domain/refusal';
import { mayDecide } from '@/lib/policy/quorum';
import { namedIn } from '@/lib/policy/seats';
import { applyChangeRequest } from '../apply-change-request';
import { approvalInput, isExpired, judgeGroups } from '../approval';
import { notFound } from '../checks';
import { type Decided, GOVERNANCE, type LedgerOperation, type OperationInput, requesterOf } from '../decision';
import { openingTime } from '../opening-time';
import { deadEndRefusal } from '../policies';
import type { ApprovalRecord, Change, Decision } from '../records';
import { delegationsTo } from '../seat-delegations';
import { find, type OrgState, put } from '../state';
import { windowsOf } from '../windows';

type DecisionBody = { readonly value: 'Approved' | 'Denied'; readonly reason?: string };

/** What a resolved approval does to the thing it was asked for. */
const resolveSubject = (state: OrgState, approval: ApprovalRecord, at: number): Change[] => {
  const approved = approval.status === 'Approved';
  if (approval.subject.kind === 'ChangeRequest') {
    const request = find(state, 'changeRequest', approval.subject.id);
    if (!request) return [];
    if (!approved) return [put('changeRequest', { ...request, status: 'Rejected', dateResolved: at })];
    const applied = applyChangeRequest(state, request, at);
    const failure = applied.ok ? deadEndRefusal(state, applied.value) : applied;
    if (!applied.ok || failure)
      return [
        put('changeRequest', {
          ...request,
          status: 'Failed',
          reason: failure?.refusal.message ?? '',
          dateResolved: at,
        }),
      ];
    return [...applied.value, put('changeRequest', { ...request, status: 'Applied', dateResolved: at })];
  }
  const activity = find(state, 'activity', approval.subject.id);
  if (!activity) return [];
  const changes: Change[] = [
    put('activity', {
      ...activity,
      status: approved ? 'Approved' : 'Rejected',
      ...(approved ? {} : { reason: 'An approver denied the request.' }),
      datePolicyResolved: at,
    }),
  ];
  for (const window of windowsOf(state, activity.id)) {
    const { pendingUntil: _pendingUntil, ...rest } = window;
    changes.push(put('window', approved ? rest : { ...rest, counts: false }));
  }
  return changes;
};

/**
 * How long the approval has been open. A request for a signature is judged again by the nodes' own clocks before it is signed; nothing but
 * this entry decides on a change.
 */
const openFor = (state: OrgState, { subject, dateCreated }: ApprovalRecord, at: number): number =>
  (subject.kind === 'Activity' ? at : openingTime(state, at)) - dateCreated;

/** Seats of the approval's groups that were handed over to the user for this time. */
const seatsHandedTo = (
  state: OrgState,
  approval: ApprovalRecord,
  userId: string,
  at: number,
  openMs: number,
): NonNullable<Decision['inPlaceOf']> => {
  const named = approval.groups.flatMap((group) => namedIn(group, openMs) ?? []);
  return delegationsTo(state, userId, at)
    .filter(({ requester }) => named.includes(requester.userId))
    .map(({ id, requester }) => ({ userId: requester.userId, delegationId: id }));
};

const decide = (input: OperationInput<DecisionBody>) => {
  const { state, actor, body, at, params } = input;
  const approval = find(state, 'approval', params.approvalId ?? '');
  if (!approval) return notFound('approval', 'approvalId', params.approvalId ?? '');
  if (approval.status !== 'Pending' || isExpired(approval, at))
    return refused(
      409,
      'approval.resolved',
      `The approval is ${isExpired(approval, at) ? 'expired' : approval.status.toLowerCase()}; it takes no more decisions.`,
    );
  const openMs = openFor(state, approval, at);
  const inPlaceOf = seatsHandedTo(state, approval, actor.user.id, at, openMs);
  const may = mayDecide({
    ...approvalInput(state, approval, openMs),
    voter: {
      userId: actor.user.id,
      isServiceAccount: actor.user.isServiceAccount,
      inPlaceOf: inPlaceOf.map(({ userId }) => userId),
    },
    value: body.value,
  });
  if (!may.ok) return may;
  const decisions = [
    ...approval.decisions,
    {
      ...requesterOf(actor),
      value: body.value,
      reason: body.reason ?? null,
      date: at,
      ...(inPlaceOf.length > 0 ? { inPlaceOf } : {}),
    },
  ];
  const outcome = body.value === 'Denied' ? 'Denied' : judgeGroups(state, { ...approval, decisions }, openMs);
  const next: ApprovalRecord = {
    ...approval,
    decisions,
    status: outcome,
    dateUpdated: at,
    ...(outcome === 'Pending' ? {} : { dateResolved: at }),
  };
  const changes = [put('approval', next), ...(outcome === 'Pending' ? [] : resolveSubject(state, next, at))];
  return accepted<Decided>({ changes, result: { kind: 'approval', id: approval.id }, status: 200 });
};

export const createApprovalDecision: LedgerOperation = {
  operationId: 'policies.createApprovalDecision',
  lane: ({ state, params }) => {
    const approval = find(state, 'approval', params.approvalId ?? '');
    if (approval?.subject.kind !== 'Activity') return GOVERNANCE;
    const activity = find(state, 'activity', approval.subject.id);
    return activity?.keyId ?? GOVERNANCE;
  },
  effects: () => ({}),
  decide,
};
