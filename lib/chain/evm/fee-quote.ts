/** Fee fields of a transaction, wei per unit of gas. */
export type FeeQuote = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };
export type FeeQuotes = { readonly slow: FeeQuote; readonly standard: FeeQuote; readonly fast: FeeQuote };

/**
 * Three bids from the base fee of the last block and the tip nodes suggest. The base fee can rise by an eighth per block, so the
 * standard bid lasts about six full blocks.
 */
export const quoteFees = (baseFeePerGas: bigint, tip: bigint): FeeQuotes => {
  const bid = (baseTenths: bigint, tipTenths: bigint): FeeQuote => {
    // A tip of nothing could not be outbid by ten percent.
    const maxPriorityFeePerGas = atLeast(1_000_000n, (tip * tipTenths) / 10n);
    return { maxPriorityFeePerGas, maxFeePerGas: (baseFeePerGas * baseTenths) / 10n + maxPriorityFeePerGas };
  };
  return { slow: bid(13n, 8n), standard: bid(20n, 10n), fast: bid(25n, 20n) };
};

/**
 * The lowest bid that replaces an earlier one: 10 % more on both fields, rounded up, and at least the market's.
 */
export const outbid = (earlier: FeeQuote, market: FeeQuote): FeeQuote => {
  const raise = (value: bigint): bigint => (value * 11n + 9n) / 10n + 1n;
  const maxPriorityFeePerGas = atLeast(raise(earlier.maxPriorityFeePerGas), market.maxPriorityFeePerGas);
  const maxFeePerGas = atLeast(raise(earlier.maxFeePerGas), market.maxFeePerGas);
  return { maxPriorityFeePerGas, maxFeePerGas: atLeast(maxFeePerGas, maxPriorityFeePerGas) };
};

const atLeast = (floor: bigint, value: bigint): bigint => (value < floor ? floor : value);
