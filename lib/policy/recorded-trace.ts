import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import { smallestChange } from './alternatives';
import type { Facts } from './facts';
import type { ActivityKind, Evaluation, Policy, PolicyActivity, PolicyDecision, PolicyDefinition } from './policy';
import { type DecisionTrace, decidingPolicies } from './trace';

const outcomeOf = (evaluations: readonly Evaluation[]): PolicyDecision['outcome'] => {
  const actions = evaluations.filter((item) => item.triggered).map((item) => item.action);
  return actions.includes('Block') ? 'Block' : actions.includes('RequestApproval') ? 'RequestApproval' : 'Allow';
};

/** Windows as they were compared then. */
const inWindowOf =
  (evaluations: readonly Evaluation[]): NonNullable<PolicyActivity['inWindow']> =>
  (minutes) => {
    const compared = evaluations.find((item) => item.compared?.minutes === minutes)?.compared;
    return (compared?.earlier ?? []).map(({ count, usd, unknown }) => ({
      count,
      unknown,
      usd: parseDecimal(usd) ?? ZERO,
    }));
  };

/**
 * The trace of a decision that was written down, from what stands in its record: the evaluations, the facts, and the definitions in
 * the versions that were in force. Without one of those definitions no alternatives are told: they would be a guess.
 */
export const traceOfRecord = (record: {
  readonly activityKind: ActivityKind;
  readonly evaluations: readonly Evaluation[];
  readonly facts?: Facts;
  /** Screenings as they stand in the record. */
  readonly screening?: PolicyActivity['screening'];
  readonly definitionOf: (policyId: string, version: string) => PolicyDefinition | undefined;
}): DecisionTrace => {
  const { evaluations, definitionOf } = record;
  const outcome = outcomeOf(evaluations);
  const policies = evaluations.flatMap(({ policyId, version }): Policy[] => {
    const found = definitionOf(policyId, version);
    if (!found) return [];
    // Its filters matched then.
    const { filters: _filters, ...definition } = found;
    return [{ id: policyId, version, status: 'Active', definition }];
  });
  const activity: PolicyActivity = {
    kind: record.activityKind,
    subject: {},
    ...(record.facts ? { facts: record.facts, inWindow: inWindowOf(evaluations) } : {}),
    ...(record.screening ? { screening: record.screening } : {}),
  };
  const groups = policies.flatMap((policy) => {
    const { action } = policy.definition;
    const asked = evaluations.some((item) => item.policyId === policy.id && item.triggered);
    if (!asked || action.kind !== 'RequestApproval' || outcome !== 'RequestApproval') return [];
    return action.approvalGroups.map((group, index) => ({ ...group, policyId: policy.id, index }));
  });
  const decision: PolicyDecision = { outcome, evaluations, groups, autoRejectMinutes: null, delayMinutes: 0 };
  return {
    outcome,
    policies: evaluations.map(({ policyId, version, action, triggered, reason, compared }) => {
      const definition = definitionOf(policyId, version);
      return {
        policyId,
        name: definition?.name ?? policyId,
        version,
        rule: definition?.rule.kind ?? 'unknown',
        action,
        applies: true,
        triggered,
        reason,
        ...(compared ? { compared } : {}),
      };
    }),
    decidedBy: decidingPolicies(decision),
    alternatives: policies.length === evaluations.length ? smallestChange(policies, activity, decision) : [],
  };
};
