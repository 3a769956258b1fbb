import { compareDecimals, type Decimal, formatDecimal, multiplyDecimals, parseDecimal } from '@/lib/domain/decimal';
import type { PolicyActivity, PolicyRule } from '../policy';
import { notTriggered, type RuleResult, triggered } from './result';

const MAX_DECIMALS = 255; // an ERC-20's `decimals` is a uint8

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
  const value = valueInUsd(activity);
  if (typeof value === 'string')
    return triggered(`Transfer amount (unknown: ${value}) can't be compared with ${limitText}.`);
  const text = `Transfer amount (USD ${formatDecimal(value)})`;
  return compareDecimals(value, limit) > 0
    ? triggered(`${text} is above ${limitText}.`)
    : notTriggered(`${text} is not above ${limitText}.`);
};

/** The value, or why it is unknown. */
const valueInUsd = (activity: PolicyActivity): Decimal | string => {
  const { facts } = activity;
  if (!facts || facts.amount === null || facts.asset === null) return 'what moves is not known';
  if (!/^\d{1,100}$/.test(facts.amount)) return 'the amount is malformed';
  if (facts.quote === null) return 'no fresh price';
  const { decimals } = facts.quote;
  const price = parseDecimal(facts.quote.usd);
  if (!price || !Number.isInteger(decimals) || decimals < 0 || decimals > MAX_DECIMALS) return 'the price is malformed';
  return multiplyDecimals({ digits: BigInt(facts.amount), scale: decimals }, price);
};
