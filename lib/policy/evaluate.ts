import { filtersMatch } from './filters';
import type { Evaluation, Policy, PolicyActivity, PolicyDecision, RequiredGroup } from './policy';
import { evaluateAlwaysTrigger } from './rules/always-trigger';
import { type RuleResult, triggered } from './rules/result';
import { evaluateTransactionAmountLimit } from './rules/transaction-amount-limit';
import { evaluateTransactionAmountVelocity } from './rules/transaction-amount-velocity';
import { evaluateTransactionCountVelocity } from './rules/transaction-count-velocity';
import { evaluateTransactionRecipientWhitelist } from './rules/transaction-recipient-whitelist';

/**
 * Judges an activity under all policies of its kind. Every policy whose filters match is evaluated and reported, also after a Block;
 * Block wins, otherwise the groups of all triggered policies are asked for. Never throws: a failure while deciding is a Block.
 * Evaluations and groups come in the order of policy ids, so that any two parties get the same decision from the same policies.
 */
export const evaluatePolicies = (policies: readonly Policy[], activity: PolicyActivity): PolicyDecision => {
  const judged = policies
    .filter((policy) => policy.status !== 'Archived' && policy.definition.activityKind === activity.kind)
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .flatMap((policy) => judge(policy, activity) ?? []);
  const evaluations = judged.map((item) => item.evaluation);
  const open = evaluations.filter((evaluation) => evaluation.triggered);
  if (open.some((evaluation) => evaluation.action === 'Block'))
    return { outcome: 'Block', evaluations, groups: [], autoRejectMinutes: null };
  const groups = judged.flatMap((item) => item.groups);
  if (groups.length === 0) return { outcome: 'Allow', evaluations, groups, autoRejectMinutes: null };
  const minutes = judged.flatMap((item) => item.autoRejectMinutes ?? []);
  return {
    outcome: 'RequestApproval',
    evaluations,
    groups,
    autoRejectMinutes: minutes.length === 0 ? null : Math.min(...minutes),
  };
};

type Judged = {
  readonly evaluation: Evaluation;
  readonly groups: readonly RequiredGroup[];
  readonly autoRejectMinutes: number | null;
};

/** One policy's result, or null when its filters don't match. */
const judge = (policy: Policy, activity: PolicyActivity): Judged | null => {
  const { action, filters } = policy.definition;
  const report = (result: RuleResult, kind: Evaluation['action']): Judged => ({
    evaluation: { policyId: policy.id, version: policy.version, ...result, action: kind },
    groups: [],
    autoRejectMinutes: null,
  });
  try {
    if (!filtersMatch(filters, activity)) return null;
    const result = evaluateRule(policy, activity);
    switch (action.kind) {
      case 'Block':
      case 'NoAction':
        return report(result, action.kind);
      case 'RequestApproval': {
        if (!result.triggered) return report(result, action.kind);
        // Asking nobody would be the same as allowing.
        if (action.approvalGroups.length === 0)
          return report(triggered('This policy asks for approval by nobody.'), 'Block');
        return {
          ...report(result, action.kind),
          groups: action.approvalGroups.map((group, index) => ({ ...group, policyId: policy.id, index })),
          autoRejectMinutes: action.autoRejectTimeout ?? null,
        };
      }
      default:
        return report(triggered("The action of this policy can't be understood."), 'Block');
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return report(triggered(`This policy could not be evaluated: ${cause}`), 'Block');
  }
};

const evaluateRule = ({ definition: { rule } }: Policy, activity: PolicyActivity): RuleResult => {
  switch (rule.kind) {
    case 'AlwaysTrigger':
      return evaluateAlwaysTrigger();
    case 'TransactionAmountLimit':
      return evaluateTransactionAmountLimit(rule, activity);
    case 'TransactionAmountVelocity':
      return evaluateTransactionAmountVelocity(rule, activity);
    case 'TransactionRecipientWhitelist':
      return evaluateTransactionRecipientWhitelist(rule, activity);
    case 'TransactionCountVelocity':
      return evaluateTransactionCountVelocity(rule, activity);
    default:
      // A rule that can't be evaluated adds its requirement; it never falls away.
      return triggered(`Rules of kind ${rule.kind} can't be evaluated in this version.`);
  }
};
