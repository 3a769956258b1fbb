import { compareDecimals, formatDecimal, parseDecimal } from '@/lib/domain/decimal';
import type { PolicyActivity, PolicyRule } from '../policy';
import { valueInUsd } from '../value';
import { notTriggered, type RuleResult, triggered } from './result';

/**
 * Triggers when amount / 10^decimals × the signed price is strictly greater than the limit, and when any of the three is unknown.
 * Exact: no value is ever rounded.
 */
export const evaluateTransactionAmountLimit = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const limit = parseDecimal(rule.configuration?.limit);
  const currency = rule.configuration?.currency;
  if (!limit) return triggered("The limit of this policy can't be understood.");
  if (currency !== 'USD') return triggered(`Transfer amounts in ${String(currency)} can't be evaluated.`);
  const limitText = `limit (USD ${formatDecimal(limit)})`;
  const value = valueInUsd(activity.facts);
  const compared = { what: 'amountInUsd', limit: formatDecimal(limit) } as const;
  if (typeof value === 'string')
    return triggered(`Transfer amount (unknown: ${value}) can't be compared with ${limitText}.`, {
      ...compared,
      value: null,
    });
  const known = { ...compared, value: formatDecimal(value) };
  const text = `Transfer amount (USD ${formatDecimal(value)})`;
  return compareDecimals(value, limit) > 0
    ? triggered(`${text} is above ${limitText}.`, known)
    : notTriggered(`${text} is not above ${limitText}.`, known);
};
