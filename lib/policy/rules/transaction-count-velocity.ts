import type { PolicyActivity, PolicyRule } from '../policy';
import { notTriggered, type RuleResult, triggered } from './result';

const MAX_TIMEFRAME_MINUTES = 43_200;

/** Triggers when the wallet already had `limit` requests or more in the window: `limit` of them pass, the next one triggers. */
export const evaluateTransactionCountVelocity = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const limit = rule.configuration?.limit;
  const timeframe = rule.configuration?.timeframe;
  if (!isCount(limit)) return triggered("The limit of this policy can't be understood.");
  if (!isCount(timeframe) || timeframe < 1 || timeframe > MAX_TIMEFRAME_MINUTES)
    return triggered("The timeframe of this policy can't be understood.");
  const earlier = activity.countInWindow?.(timeframe);
  if (!isCount(earlier)) return triggered(`Number of transactions (unknown) can't be compared with limit (${limit}).`);
  return earlier >= limit
    ? triggered(`Number of transactions (${earlier}) is above limit (${limit}).`)
    : notTriggered(`Number of transactions (${earlier}) is not above limit (${limit}).`);
};

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
