import { filtersMatch } from './filters';
import { memoOf } from './memo';
import type { Evaluation, Policy, PolicyActivity, PolicyDecision, RequiredGroup } from './policy';
import { candidatesFor, indexPolicies, type PolicyIndex } from './policy-index';
import { evaluateAlwaysTrigger } from './rules/always-trigger';
import { isCount } from './rules/numbers';
import { type RuleResult, triggered } from './rules/result';
import { evaluateScreening } from './rules/screening';
import { evaluateTransactionAmountLimit } from './rules/transaction-amount-limit';
import { evaluateTransactionAmountVelocity } from './rules/transaction-amount-velocity';
import { evaluateTransactionCountVelocity } from './rules/transaction-count-velocity';
import { evaluateTransactionRecipientWhitelist } from './rules/transaction-recipient-whitelist';

/**
 * Judges an activity under all policies of its kind. Every policy whose filters match is evaluated and reported, also after a Block;
 * Block wins, otherwise the groups of all triggered policies are asked for. Never throws: a failure while deciding is a Block.
 * Evaluations and groups come in the order of policy ids, so that any two parties get the same decision from the same policies.
 */
export const evaluatePolicies = (policies: readonly Policy[], activity: PolicyActivity): PolicyDecision =>
  evaluateIndexed(indexPolicies(policies), activity);

/** The same under policies that were indexed before. @param at When, unix ms: former versions bind until a moment. */
export const evaluateIndexed = (index: PolicyIndex, activity: PolicyActivity, at = 0): PolicyDecision => {
  const evaluations: Evaluation[] = [];
  const groups: RequiredGroup[] = [];
  let isBlocked = false;
  let autoRejectMinutes: number | null = null;
  let delayMinutes = 0;
  for (const policy of candidatesFor(index, activity, at)) {
    const judged = judge(policy, activity);
    if (!judged) continue;
    evaluations.push(judged);
    if (!judged.triggered) continue;
    if (judged.action === 'Block') {
      isBlocked = true;
      continue;
    }
    const asked = askedBy(policy);
    groups.push(...asked.groups);
    delayMinutes = Math.max(delayMinutes, asked.delayMinutes);
    if (asked.autoRejectMinutes !== null)
      autoRejectMinutes = Math.min(autoRejectMinutes ?? asked.autoRejectMinutes, asked.autoRejectMinutes);
  }
  if (isBlocked) return { outcome: 'Block', evaluations, groups: [], autoRejectMinutes: null, delayMinutes: 0 };
  const outcome = groups.length === 0 ? 'Allow' : 'RequestApproval';
  return { outcome, evaluations, groups, autoRejectMinutes, delayMinutes };
};

/** One policy's result, or null when its filters don't match. */
const judge = (policy: Policy, activity: PolicyActivity): Evaluation | null => {
  const { action, filters } = policy.definition;
  try {
    if (!filtersMatch(filters, activity)) return null;
    const result = evaluateRule(policy, activity);
    switch (action.kind) {
      case 'Block':
      case 'NoAction':
        return report(policy, result, action.kind);
      case 'RequestApproval':
        // Asking nobody would be the same as allowing.
        return result.triggered && askedBy(policy).groups.length === 0
          ? report(policy, triggered('This policy asks for approval by nobody.'), 'Block')
          : report(policy, result, action.kind);
      default:
        return report(policy, triggered("The action of this policy can't be understood."), 'Block');
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return report(policy, triggered(`This policy could not be evaluated: ${cause}`), 'Block');
  }
};

const report = ({ id, version }: Policy, result: RuleResult, action: Evaluation['action']): Evaluation =>
  result.compared
    ? { policyId: id, version, triggered: result.triggered, reason: result.reason, compared: result.compared, action }
    : { policyId: id, version, triggered: result.triggered, reason: result.reason, action };

/** What a policy asks for where it triggers. @throws where that can't be understood. */
const askedBy = memoOf(({ id, definition: { action } }: Policy) => {
  if (action.kind !== 'RequestApproval') return { groups: [], autoRejectMinutes: null, delayMinutes: 0 };
  return {
    groups: action.approvalGroups.map((group, index): RequiredGroup => ({ ...group, policyId: id, index })),
    autoRejectMinutes: action.autoRejectTimeout ?? null,
    delayMinutes: delayOf(action.minimumDelay),
  };
});

/** @throws when the delay can't be understood: the policy then blocks. */
const delayOf = (minutes: number | undefined): number => {
  if (minutes === undefined) return 0;
  if (!isCount(minutes)) throw new Error(`its minimum delay (${String(minutes)}) is no number of minutes.`);
  return minutes;
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
    case 'ChainalysisTransactionPrescreening':
    case 'ChainalysisTransactionScreening':
    case 'GlobalLedgerTransactionPrescreening':
    case 'TravelRuleTransactionPrescreening':
      return evaluateScreening(rule, activity);
    default:
      // A rule that can't be evaluated adds its requirement; it never falls away.
      return triggered(`Rules of kind ${rule.kind} can't be evaluated in this version.`);
  }
};
