import { compareDecimals } from '@/lib/domain/decimal';
import type { PolicyActivity, PolicyRule } from '../policy';
import { valueInUsd } from '../value';
import { isTimeframe, limitOf, windowOf } from './numbers';
import { notTriggered, type RuleResult, triggered } from './result';

/**
 * Triggers when a wallet's requests in the window and this one together are worth strictly more than the limit, and when the value of
 * any of them is unknown. Exact: no value is ever rounded.
 */
export const evaluateTransactionAmountVelocity = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const known = limitOf(rule);
  const { currency, timeframe } = rule.configuration ?? {};
  if (!known) return triggered("The limit of this policy can't be understood.");
  if (currency !== 'USD') return triggered(`Transfer amounts in ${String(currency)} can't be evaluated.`);
  if (!isTimeframe(timeframe)) return triggered("The timeframe of this policy can't be understood.");
  const limitText = `limit (USD ${known.text})`;
  const window = windowOf(activity, timeframe);
  const compared = {
    what: 'sumInUsd',
    limit: known.text,
    minutes: timeframe,
    ...(window ? { earlier: window.earlier } : {}),
  } as const;
  const unknown = (why: string) =>
    triggered(`Cumulative transfer amount (unknown: ${why}) can't be compared with ${limitText}.`, {
      ...compared,
      value: null,
    });
  if (window === undefined) return unknown('earlier requests are not known');
  const value = valueInUsd(activity.facts);
  if (typeof value === 'string') return unknown(value);
  if (window.unknown > 0)
    return unknown(`${window.unknown} earlier request${window.unknown === 1 ? ' has' : 's have'} no known value`);
  const { sum, text: sumText } = window.sumWith(value);
  const found = { ...compared, value: sumText };
  const text = `Cumulative transfer amount (USD ${sumText})`;
  return compareDecimals(sum, known.limit) > 0
    ? triggered(`${text} is above ${limitText}.`, found)
    : notTriggered(`${text} is not above ${limitText}.`, found);
};
