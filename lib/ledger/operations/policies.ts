import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { PolicyDefinition } from '@/lib/policy/policy';
import { freshId, notFound } from '../checks';
import { asJson, type EffectsInput, governanceLane, type LedgerOperation, makeId } from '../decision';
import { decideGoverned } from '../governed';
import { deadEndRefusal, namesPerson } from '../policies';
import { all, find, type OrgState, put } from '../state';
import { versionOf } from '../version';

const governedIds = (input: EffectsInput) => ({
  changeRequestId: makeId('changeRequest', input),
  approvalId: makeId('approval', input),
});

const definitionOf = (body: PolicyDefinition): PolicyDefinition => ({
  name: body.name,
  activityKind: body.activityKind,
  rule: body.rule,
  action: body.action,
  ...(body.filters && Object.keys(body.filters).length > 0 ? { filters: body.filters } : {}),
});

/** Approvers must exist and be able to vote at all: an unknown id would wait for ever. */
const checkApprovers = (state: OrgState, definition: PolicyDefinition): Outcome<null> => {
  if (definition.action.kind !== 'RequestApproval') return accepted(null);
  const isStrict = all(state, 'org')[0]?.strict === true;
  for (const group of definition.action.approvalGroups) {
    const ids = group.approvers.userId?.in ?? [];
    const later = group.escalation?.approvers.userId.in ?? [];
    const unknown = [...ids, ...later].filter((id) => find(state, 'user', id)?.kind !== 'CustomerEmployee');
    if (unknown.length > 0)
      return refused(400, 'policy.unknown_approver', `Unknown approvers: ${unknown.join(', ')}.`, { unknown });
    if (isStrict && !namesPerson(state, group))
      return refused(
        400,
        'policy.strict_approvers',
        'In a strict organisation every approval group names its approvers, and a person among them.',
      );
    if (ids.length === 0) continue;
    const able = new Set(
      ids.filter((id) => group.serviceAccountsCanApprove === true || !find(state, 'user', id)?.isServiceAccount),
    );
    if (able.size < group.quorum)
      return refused(
        400,
        'policy.quorum',
        `A quorum of ${group.quorum} can't be reached: ${able.size} of the listed approvers may approve. Service accounts may only with serviceAccountsCanApprove.`,
      );
  }
  return accepted(null);
};

export const createPolicy: LedgerOperation = {
  operationId: 'policies.createPolicy',
  lane: governanceLane,
  effects: (input) => ({ policyId: makeId('policy', input) }),
  decide: ({ state, body, effects, at }) => {
    const id = freshId(state, effects, 'policyId', 'policy', 'policy');
    if (!id.ok) return id;
    const definition = definitionOf(body);
    const approvers = checkApprovers(state, definition);
    if (!approvers.ok) return approvers;
    const changes = [
      put('policy', {
        id: id.value,
        definition,
        status: 'Active',
        version: versionOf(definition),
        dateCreated: at,
        dateUpdated: at,
      }),
    ];
    return (
      deadEndRefusal(state, changes) ?? accepted({ changes, result: { kind: 'policy', id: id.value }, status: 200 })
    );
  },
};

const changePolicy = (
  operationId: string,
  next: (current: PolicyDefinition, body: PolicyDefinition) => PolicyDefinition,
  status: 'Active' | 'Archived',
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects: governedIds,
  decide: (input) => {
    const policy = find(input.state, 'policy', input.params.policyId ?? '');
    if (!policy) return notFound('policy', 'policyId', input.params.policyId ?? '');
    if (policy.status === 'Archived')
      return refused(400, 'policy.archived', 'The policy is archived; archived policies stay as they are.');
    const definition = next(policy.definition, input.body);
    if (definition.activityKind !== policy.definition.activityKind)
      return refused(
        400,
        'policy.activity_kind',
        'The activity kind of a policy cannot change. Create another policy instead.',
      );
    const approvers = status === 'Active' ? checkApprovers(input.state, definition) : accepted(null);
    if (!approvers.ok) return approvers;
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: { policyId: policy.id } },
      kind: 'Policy',
      operationKind: 'Update',
      entityId: policy.id,
      replaces: policy.version,
      body: asJson({ id: policy.id, ...definition, status }),
      result: { kind: 'policy', id: policy.id },
    });
  },
});

export const updatePolicy = changePolicy('policies.updatePolicy', (_current, body) => definitionOf(body), 'Active');
export const archivePolicy = changePolicy('policies.archivePolicy', (current) => current, 'Archived');
