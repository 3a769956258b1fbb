import type { PolicyActivity, PolicyRule } from '../policy';
import { isCount, isTimeframe, windowOf } from './numbers';
import { notTriggered, type RuleResult, triggered } from './result';

/** Triggers when the wallet already had `limit` requests or more in the window: `limit` of them pass, the next one triggers. */
export const evaluateTransactionCountVelocity = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const limit = rule.configuration?.limit;
  const timeframe = rule.configuration?.timeframe;
  if (!isCount(limit)) return triggered("The limit of this policy can't be understood.");
  if (!isTimeframe(timeframe)) return triggered("The timeframe of this policy can't be understood.");
  const window = windowOf(activity, timeframe);
  const earlier = window?.count;
  if (!window || !isCount(earlier))
    return triggered(`Number of transactions (unknown) can't be compared with limit (${limit}).`);
  const compared = {
    what: 'count',
    value: String(earlier),
    limit: String(limit),
    minutes: timeframe,
    earlier: window.earlier,
  } as const;
  return earlier >= limit
    ? triggered(`Number of transactions (${earlier}) is above limit (${limit}).`, compared)
    : notTriggered(`Number of transactions (${earlier}) is not above limit (${limit}).`, compared);
};
