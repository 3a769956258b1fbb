import type { ActivityDetail, Facts } from '@/lib/client/shapes';
import { findNetwork } from '@/lib/contract/networks';

export type AssetWords = {
  readonly symbol: string | undefined;
  /** Null when nobody said how many the token has: amounts are then shown in base units. */
  readonly decimals: number | null;
  /** Signed price per whole unit, or null when unknown. */
  readonly usd: string | null;
};

/** How to write the amount of a request: unit, decimals and price as far as they are known. */
export const assetOf = (facts: Facts, request?: ActivityDetail['request']): AssetWords => {
  const usd = facts.quote?.usd ?? null;
  if (facts.asset?.kind === 'Native') {
    const native = findNetwork(facts.network)?.native;
    return { symbol: native?.symbol, decimals: native?.decimals ?? null, usd };
  }
  const told = request && 'metadata' in request ? request.metadata.asset : undefined;
  return {
    symbol: facts.quote?.symbol ?? told?.symbol,
    decimals: facts.quote?.decimals ?? told?.decimals ?? null,
    usd,
  };
};
