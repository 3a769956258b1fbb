import { compareDecimals } from '@/lib/domain/decimal';
import type { PolicyActivity, PolicyRule } from '../policy';
import { valueInUsd, valueText } from '../value';
import { limitOf } from './numbers';
import { notTriggered, type RuleResult, triggered } from './result';

/**
 * Triggers when amount / 10^decimals × the signed price is strictly greater than the limit, and when any of the three is unknown.
 * Exact: no value is ever rounded.
 */
export const evaluateTransactionAmountLimit = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const known = limitOf(rule);
  const currency = rule.configuration?.currency;
  if (!known) return triggered("The limit of this policy can't be understood.");
  if (currency !== 'USD') return triggered(`Transfer amounts in ${String(currency)} can't be evaluated.`);
  const limitText = `limit (USD ${known.text})`;
  const value = valueInUsd(activity.facts);
  const text = valueText(activity.facts);
  if (typeof value === 'string')
    return triggered(`Transfer amount (unknown: ${value}) can't be compared with ${limitText}.`, {
      what: 'amountInUsd',
      limit: known.text,
      value: null,
    });
  const compared = { what: 'amountInUsd', limit: known.text, value: text } as const;
  return compareDecimals(value, known.limit) > 0
    ? triggered(`Transfer amount (USD ${text}) is above ${limitText}.`, compared)
    : notTriggered(`Transfer amount (USD ${text}) is not above ${limitText}.`, compared);
};
