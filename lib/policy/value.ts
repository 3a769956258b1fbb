import { type Decimal, multiplyDecimals, parseDecimal } from '@/lib/domain/decimal';
import type { Facts } from './facts';

const MAX_DECIMALS = 255; // an ERC-20's `decimals` is a uint8

/** What moves, in US dollars: amount / 10^decimals × the signed price, exactly; or why it is unknown. */
export const valueInUsd = (facts: Facts | undefined): Decimal | string => {
  if (!facts || facts.amount === null || facts.asset === null) return 'what moves is not known';
  if (!/^\d{1,100}$/.test(facts.amount)) return 'the amount is malformed';
  if (facts.quote === null) return 'no fresh price';
  const { decimals } = facts.quote;
  const price = parseDecimal(facts.quote.usd);
  if (!price || !Number.isInteger(decimals) || decimals < 0 || decimals > MAX_DECIMALS) return 'the price is malformed';
  return multiplyDecimals({ digits: BigInt(facts.amount), scale: decimals }, price);
};
