import { type Alternative, smallestChange } from './alternatives';
import { evaluatePolicies } from './evaluate';
import type { Compared, Policy, PolicyAction, PolicyActivity, PolicyDecision } from './policy';

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

/** Judges the activity and says why: every policy, what it compared, which decided, and what would have to be different. */
export const traceDecision = (policies: readonly Policy[], activity: PolicyActivity): DecisionTrace => {
  const decision = evaluatePolicies(policies, activity);
  const of = new Map(decision.evaluations.map((item) => [`${item.policyId} ${item.version}`, item]));
  const concerned = policies
    .filter((policy) => policy.status !== 'Archived' && policy.definition.activityKind === activity.kind)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    outcome: decision.outcome,
    policies: concerned.map(({ id, version, definition }) => {
      const said = of.get(`${id} ${version}`);
      const head = { policyId: id, name: definition.name, version, rule: definition.rule.kind };
      if (!said)
        return {
          ...head,
          action: definition.action.kind,
          applies: false,
          triggered: false,
          reason: 'The filters of this policy leave the request out.',
        };
      const { action, triggered, reason, compared } = said;
      return { ...head, action, applies: true, triggered, reason, ...(compared ? { compared } : {}) };
    }),
    decidedBy: decidingPolicies(decision),
    alternatives: smallestChange(policies, activity, decision),
  };
};
