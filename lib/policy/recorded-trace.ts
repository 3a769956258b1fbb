import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import { smallestChange } from './alternatives';
import type { Facts } from './facts';
import type { ActivityKind, Evaluation, Policy, PolicyActivity, PolicyDecision } from './policy';
import { byIdAndVersion } from './policy-index';
import { type DecisionTrace, decidingPolicies, leftOut } from './trace';

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
 * The trace of a decision that was written down, from what stands in its record, the evaluations and the facts, and the policies that were
 * in force at its entry. Without one of those that were evaluated no alternatives are told: they would be a guess.
 */
export const traceOfRecord = (record: {
  readonly activityKind: ActivityKind;
  readonly evaluations: readonly Evaluation[];
  readonly facts?: Facts;
  /** Screenings as they stand in the record. */
  readonly screening?: PolicyActivity['screening'];
  /** Those of the kind that were not evaluated were left out by their filters. */
  readonly inForce: readonly Policy[];
}): DecisionTrace => {
  const { evaluations, inForce, activityKind } = record;
  const nameOf = (id: string, version: string): string => `${id} ${version}`;
  const definitions = new Map(inForce.map(({ id, version, definition }) => [nameOf(id, version), definition]));
  const definitionOf = (id: string, version: string) => definitions.get(nameOf(id, version));
  const outcome = outcomeOf(evaluations);
  const policies = evaluations.flatMap(({ policyId, version }): Policy[] => {
    const found = definitionOf(policyId, version);
    if (!found) return [];
    // Its filters matched then.
    const { filters: _filters, ...definition } = found;
    return [{ id: policyId, version, status: 'Active', definition }];
  });
  const activity: PolicyActivity = {
    kind: activityKind,
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
  const evaluated = new Set(evaluations.map(({ policyId, version }) => nameOf(policyId, version)));
  const others = inForce
    .filter(({ status, definition }) => status !== 'Archived' && definition.activityKind === activityKind)
    .filter(({ id, version }) => !evaluated.has(nameOf(id, version)));
  return {
    outcome,
    policies: [
      ...evaluations.map(({ policyId, version, action, triggered, reason, compared }) => {
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
      ...others.map(leftOut),
    ].toSorted((a, b) => byIdAndVersion({ ...a, id: a.policyId }, { ...b, id: b.policyId })),
    groups,
    decidedBy: decidingPolicies(decision),
    alternatives: policies.length === evaluations.length ? smallestChange(policies, activity, decision) : [],
  };
};
