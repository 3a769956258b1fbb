import { refused } from '@/lib/domain/refusal';
import type { ChainRules } from '../adapter';
import { checkUnsigned, outbids } from './check';
import { type FeeQuote, outbid } from './fee-quote';
import { decodeUnsigned, encodeUnsigned } from './unsigned';

/** The same transaction at other fees, hex without prefix; null for bytes that are no transaction of ours. */
export const repriced = (unsigned: string, { maxFeePerGas, maxPriorityFeePerGas }: FeeQuote): string | null => {
  const decoded = decodeUnsigned(unsigned);
  return decoded.ok ? encodeUnsigned({ ...decoded.value, maxFeePerGas, maxPriorityFeePerGas }) : null;
};

/**
 * A speed-up is the earlier transaction byte for byte, but for its two fee fields: both at least 10 % higher, and all within what the
 * request allows that was approved. Recipient, value, data, nonce, gas and chain can't differ.
 */
export const checkSpeedUp: ChainRules['checkSpeedUp'] = (intent, earlierUnsigned, unsigned) => {
  const later = decodeUnsigned(unsigned);
  if (!later.ok) return later;
  if (repriced(earlierUnsigned, later.value) !== unsigned)
    return refused(422, 'chain.mismatch', 'The unsigned bytes do not match the transaction that is sped up.');
  if (!outbids(earlierUnsigned, unsigned))
    return refused(409, 'chain.underbid', 'A speed-up must raise both fees by at least 10 %.');
  return checkUnsigned(intent, unsigned);
};

/** The cheapest bytes that would replace earlier ones. */
export const leastSpeedUp: ChainRules['leastSpeedUp'] = (earlierUnsigned) => {
  const earlier = decodeUnsigned(earlierUnsigned);
  return earlier.ok ? repriced(earlierUnsigned, outbid(earlier.value, earlier.value)) : null;
};
