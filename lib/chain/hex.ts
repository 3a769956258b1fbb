import type { Hex } from 'viem';

/** Lower-case hex of whole bytes without prefix, or null. The prefix is optional in the input. */
export const bareHex = (value: unknown): string | null =>
  typeof value === 'string' && /^(?:0x)?(?:[0-9a-fA-F]{2})*$/.test(value)
    ? value.replace(/^0x/, '').toLowerCase()
    : null;

export const withPrefix = (bare: string): Hex => `0x${bare}`;

/** Lower-case 0x address, or null. Any letter case is taken: a checksum is not part of the dialect's address. */
export const parseAddress = (value: unknown): Hex | null =>
  typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? (value.toLowerCase() as Hex) : null;

const LIMIT = 1n << 256n;

/** A 256-bit integer from a number or a decimal or 0x string; null for anything else. */
export const parseInteger = (value: unknown): bigint | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  if (typeof value !== 'string' || !/^(?:\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(value)) return null;
  const integer = BigInt(value);
  return integer < LIMIT ? integer : null;
};
