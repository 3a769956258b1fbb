import type { Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { PolicyActivity } from '@/lib/policy/policy';
import { traceDecision } from '@/lib/policy/trace';
import { applyChangeRequest } from './apply-change-request';
import { newApproval } from './approval';
import { freshId } from './checks';
import { type Decided, type OperationInput, requesterOf } from './decision';
import { blockingOf, blockReason, deadEndRefusal, decideByPolicy, policiesInForce } from './policies';
import type { Change, ChangeRequestRecord } from './records';
import { find, findBy, type OrgState, put } from './state';

/** What a governed operation wants to change. `apply` and the later approval run the same code on it. */
export type GovernedChange = {
  readonly activity: PolicyActivity;
  readonly kind: ChangeRequestRecord['kind'];
  readonly operationKind: ChangeRequestRecord['operationKind'];
  readonly entityId: string;
  readonly replaces?: string;
  readonly body: Json;
  readonly result: Decided['result'];
};

/**
 * A change of a policy, permission, assignment or freeze: applied at once, blocked, or kept as a change request until its
 * approval (contract §3.4). The effects carry `changeRequestId` and `approvalId` in any case.
 */
export const decideGoverned = (input: OperationInput, change: GovernedChange): Outcome<Decided> => {
  const { state, effects, at } = input;
  const id = freshId(state, effects, 'changeRequestId', 'changeRequest', 'changeRequest');
  if (!id.ok) return id;
  const approvalId = freshId(state, effects, 'approvalId', 'approval', 'approval');
  if (!approvalId.ok) return approvalId;
  const pending = findBy(
    state,
    'changeRequest',
    (item) => item.status === 'Pending' && item.entityId === change.entityId && item.kind === change.kind,
  );
  if (pending) return waitsAlready(pending);
  const decision = decideByPolicy(state, change.activity, at);
  const request: ChangeRequestRecord = {
    id: id.value,
    requester: requesterOf(input.actor),
    kind: change.kind,
    operationKind: change.operationKind,
    status: 'Pending',
    entityId: change.entityId,
    ...(change.replaces ? { replaces: change.replaces } : {}),
    body: change.body,
    approvalId: approvalId.value,
    digest: input.digest,
    rendering: input.rendering(),
    evaluations: decision.evaluations,
    dateCreated: at,
  };
  if (decision.outcome === 'Block') {
    const reason = blockReason(state, decision);
    return accepted({
      changes: [put('changeRequest', { ...request, status: 'Rejected', reason, dateResolved: at })],
      result: { kind: 'changeRequest', id: request.id },
      status: 200,
      trace: () => traceDecision(policiesInForce(state, at), change.activity),
      answer: refused(403, 'policy.blocked', reason, {
        policyIds: blockingOf(decision).map((item) => item.policyId),
        requestId: request.id,
      }).refusal,
    });
  }
  const applied = applyChangeRequest(state, request, at);
  if (!applied.ok) return applied;
  const deadEnd = deadEndRefusal(state, applied.value);
  if (deadEnd) return deadEnd;
  if (decision.outcome === 'Allow') return accepted({ changes: applied.value, result: change.result, status: 200 });
  const approval = newApproval({
    id: approvalId.value,
    initiatorId: input.actor.user.id,
    subject: { kind: 'ChangeRequest', id: request.id },
    activityKind: change.activity.kind,
    decision,
    at,
  });
  return accepted({
    changes: [put('changeRequest', request), put('approval', approval)],
    result: { kind: 'changeRequest', id: request.id },
    status: 202,
  });
};

/** Effects every governed operation carries. */
export const GOVERNED_IDS = ['changeRequest', 'approval'] as const;

const waitsAlready = ({ id }: ChangeRequestRecord) =>
  refused(
    409,
    'change_request.pending',
    'Another change of the same object waits for approval. Decide or cancel it first.',
    { changeRequestId: id },
  );

const isSameGrant = (a: ChangeRequestRecord, b: ChangeRequestRecord): boolean => {
  const [one, other] = [a.body as { [member: string]: Json }, b.body as { [member: string]: Json }];
  return one.permissionId === other.permissionId && one.identityId === other.identityId;
};

/**
 * Refuses to ask a second time for an assignment that waits for approval: it would end `Failed` once the first is applied. The API's own
 * courtesy, since each has an id of its own: ledgers in which it was asked twice replay as they did.
 */
export const askedAlready = (state: OrgState, changes: readonly Change[]) => {
  const asked = changes.flatMap((change) => (change.kind === 'changeRequest' ? [change.record] : []));
  const isGrant = ({ kind, operationKind, status }: ChangeRequestRecord): boolean =>
    kind === 'Assignment' && operationKind === 'Create' && status === 'Pending';
  const request = asked.find((item) => isGrant(item) && !find(state, 'changeRequest', item.id));
  const pending = request && findBy(state, 'changeRequest', (item) => isGrant(item) && isSameGrant(item, request));
  return pending ? waitsAlready(pending) : null;
};
