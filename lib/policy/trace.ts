import { type Alternative, smallestChange } from './alternatives';
import { evaluatePolicies } from './evaluate';
import type { Compared, Policy, PolicyAction, PolicyActivity, PolicyDecision, RequiredGroup } from './policy';
import { byIdAndVersion } from './policy-index';

/** One policy of the activity's kind, and what it said. */
export type PolicyTrace = {
  readonly policyId: string;
  readonly name: string;
  /** Hash of the definition that was in force. */
  readonly version: string;
  readonly rule: string;
  readonly action: PolicyAction['kind'];
  /** False when the policy's filters leave the activity out; it then never triggers. */
  readonly applies: boolean;
  readonly triggered: boolean;
  readonly reason: string;
  readonly compared?: Compared;
};

/** Why a decision is what it is. */
export type DecisionTrace = {
  readonly outcome: PolicyDecision['outcome'];
  readonly policies: readonly PolicyTrace[];
  /** Who has to approve: the groups of every policy that asks; empty unless the outcome is RequestApproval. */
  readonly groups: readonly RequiredGroup[];
  /** Ids of the fewest policies that alone give the same outcome; empty where nothing asked. */
  readonly decidedBy: readonly string[];
  /** The smallest changes after which the outcome would be another; empty where none is known. */
  readonly alternatives: readonly Alternative[];
};

/**
 * The fewest policies that decide alike. One Block suffices, the first by id. An approval needs every policy whose groups it asks for.
 */
export const decidingPolicies = (decision: Pick<PolicyDecision, 'outcome' | 'evaluations'>): readonly string[] => {
  const deciding = decision.evaluations
    .filter((item) => item.triggered && item.action === decision.outcome)
    .map((item) => item.policyId);
  return decision.outcome === 'Block' ? deciding.slice(0, 1) : [...new Set(deciding)];
};

/** A policy of the kind that has no say in an activity. */
export const leftOut = ({ id, version, definition }: Pick<Policy, 'id' | 'version' | 'definition'>): PolicyTrace => ({
  policyId: id,
  name: definition.name,
  version,
  rule: definition.rule.kind,
  action: definition.action.kind,
  applies: false,
  triggered: false,
  reason: 'The filters of this policy leave the request out.',
});

/** Judges the activity and says why: every policy, what it compared, which decided, and what would have to be different. */
export const traceDecision = (policies: readonly Policy[], activity: PolicyActivity): DecisionTrace => {
  const decision = evaluatePolicies(policies, activity);
  const of = new Map(decision.evaluations.map((item) => [`${item.policyId} ${item.version}`, item]));
  const concerned = policies
    .filter((policy) => policy.status !== 'Archived' && policy.definition.activityKind === activity.kind)
    .toSorted(byIdAndVersion);
  return {
    outcome: decision.outcome,
    policies: concerned.map(({ id, version, definition }) => {
      const said = of.get(`${id} ${version}`);
      if (!said) return leftOut({ id, version, definition });
      const head = { policyId: id, name: definition.name, version, rule: definition.rule.kind };
      const { action, triggered, reason, compared } = said;
      return { ...head, action, applies: true, triggered, reason, ...(compared ? { compared } : {}) };
    }),
    groups: decision.groups,
    decidedBy: decidingPolicies(decision),
    alternatives: smallestChange(policies, activity, decision),
  };
};
