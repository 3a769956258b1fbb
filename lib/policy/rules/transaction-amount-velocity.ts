import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from '@/lib/domain/decimal';
import type { PolicyActivity, PolicyRule } from '../policy';
import { valueInUsd } from '../value';
import { earlierOf, isTimeframe } from './numbers';
import { notTriggered, type RuleResult, triggered } from './result';

const larger = (a: Decimal, b: Decimal): Decimal => (compareDecimals(a, b) < 0 ? b : a);

/**
 * Triggers when a wallet's requests in the window and this one together are worth strictly more than the limit, and when the value of
 * any of them is unknown. Exact: no value is ever rounded.
 */
export const evaluateTransactionAmountVelocity = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const limit = parseDecimal(rule.configuration?.limit);
  const { currency, timeframe } = rule.configuration ?? {};
  if (!limit) return triggered("The limit of this policy can't be understood.");
  if (currency !== 'USD') return triggered(`Transfer amounts in ${String(currency)} can't be evaluated.`);
  if (!isTimeframe(timeframe)) return triggered("The timeframe of this policy can't be understood.");
  const limitText = `limit (USD ${formatDecimal(limit)})`;
  const totals = activity.inWindow?.(timeframe);
  const compared = {
    what: 'sumInUsd',
    limit: formatDecimal(limit),
    minutes: timeframe,
    ...(totals ? { earlier: earlierOf(totals) } : {}),
  } as const;
  const unknown = (why: string) =>
    triggered(`Cumulative transfer amount (unknown: ${why}) can't be compared with ${limitText}.`, {
      ...compared,
      value: null,
    });
  if (totals === undefined) return unknown('earlier requests are not known');
  const value = valueInUsd(activity.facts);
  if (typeof value === 'string') return unknown(value);
  const unvalued = Math.max(0, ...totals.map((total) => total.unknown));
  if (unvalued > 0) return unknown(`${unvalued} earlier request${unvalued === 1 ? ' has' : 's have'} no known value`);
  const sum = totals.map((total) => addDecimals(total.usd, value)).reduce(larger, value);
  const known = { ...compared, value: formatDecimal(sum) };
  const text = `Cumulative transfer amount (USD ${formatDecimal(sum)})`;
  return compareDecimals(sum, limit) > 0
    ? triggered(`${text} is above ${limitText}.`, known)
    : notTriggered(`${text} is not above ${limitText}.`, known);
};
