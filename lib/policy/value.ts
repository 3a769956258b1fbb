import { addDecimals, type Decimal, formatDecimal, multiplyDecimals, parseDecimal } from '@/lib/domain/decimal';
import type { Facts } from './facts';
import { memoOf } from './memo';

const MAX_DECIMALS = 255; // an ERC-20's `decimals` is a uint8

/**
 * What a request may cost, in US dollars: what moves and, where the fee counts, the most it may be, each amount / 10^decimals × the signed
 * price, exactly; or why it is unknown.
 */
export const valueInUsd = (facts: Facts | undefined): Decimal | string => (facts ? costOf(facts) : NOT_KNOWN);

/** The same number in plain notation. */
export const valueText = (facts: Facts | undefined): string => (facts ? textOf(facts) : NOT_KNOWN);

const NOT_KNOWN = 'what moves is not known';

const costOf = memoOf((facts: Facts): Decimal | string => {
  if (facts.amount === null || facts.asset === null) return NOT_KNOWN;
  const moved = worth(facts.amount, facts.quote);
  if (typeof moved === 'string' || facts.feeQuote === undefined || facts.feeCeiling === null) return moved;
  const fee = worth(facts.feeCeiling, facts.feeQuote);
  return typeof fee === 'string' ? `of the network fee, ${fee}` : addDecimals(moved, fee);
});

const textOf = memoOf((facts: Facts): string => {
  const value = costOf(facts);
  return typeof value === 'string' ? value : formatDecimal(value);
});

const worth = (amount: string, quote: Facts['quote']): Decimal | string => {
  if (!/^\d{1,100}$/.test(amount)) return 'the amount is malformed';
  if (quote === null) return 'no fresh price';
  const { decimals } = quote;
  const price = parseDecimal(quote.usd);
  if (!price || !Number.isInteger(decimals) || decimals < 0 || decimals > MAX_DECIMALS) return 'the price is malformed';
  return multiplyDecimals({ digits: BigInt(amount), scale: decimals }, price);
};
