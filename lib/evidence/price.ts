import { parseDecimal } from '@/lib/domain/decimal';
import { priceHash, type SignedPrice } from './checkpoint';

/** A price counts for this long after the oracle signed it, unix ms. */
export const PRICE_TTL_MS = 5 * 60_000;
/** How far the oracle's clock may be ahead of the server's. */
const CLOCK_SKEW_MS = 30_000;

/**
 * Takes a signed price when it is of the asset asked for, signed by one of the organisation's oracle keys, and fresh at `at` (unix ms).
 * @returns null when anything is amiss: the value is then unknown.
 */
export const verifySignedPrice = (
  price: SignedPrice,
  expected: {
    readonly network: string;
    readonly asset: string;
    readonly at: number;
    /** Ed25519 public keys, hex. */
    readonly oracleKeys: readonly string[];
    readonly verify: (publicKey: string, message: Uint8Array, signature: string) => boolean;
  },
): { readonly usd: string; readonly decimals: number } | null => {
  const { network, asset, decimals, usd, at, oracleKey, signature } = price;
  if (network !== expected.network || asset !== expected.asset || !expected.oracleKeys.includes(oracleKey)) return null;
  if (!Number.isSafeInteger(at) || at > expected.at + CLOCK_SKEW_MS || at < expected.at - PRICE_TTL_MS) return null;
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 255) return null;
  if (typeof usd !== 'string' || !/^\d+(?:\.\d+)?$/.test(usd) || !parseDecimal(usd)) return null;
  const hash = priceHash({ network, asset, decimals, usd, at });
  return expected.verify(oracleKey, hash, signature) ? { usd, decimals } : null;
};
