'use client';

import { useQuery } from '@tanstack/react-query';
import { type FeeQuote, outbid } from '@/lib/chain/evm/fee-quote';
import { decodeUnsigned } from '@/lib/chain/evm/unsigned';
import { read } from './call';
import { QUERY } from './keys';
import type { ActivityDetail, NetworkFees, Transaction } from './shapes';
import { useSigned } from './use-signed';

/** Most that a transaction may cost now and once it is sped up, base units of the network's coin. */
export type SpeedUpCosts = {
  readonly before: string;
  readonly after: string;
  /** The fee that was approved has no room for what a replacement has to offer. */
  readonly isAboveCeiling: boolean;
};

/**
 * Costs by the bytes that wait to be mined and what the market asks. The broadcaster chooses anew when it makes the replacement.
 * @param market Null where it is not known: then the least that replaces the bytes.
 * @param feeCeiling Base units; null is unknown.
 * @returns null for bytes that are no transaction.
 */
export const speedUpCosts = (
  unsigned: string,
  market: FeeQuote | null,
  feeCeiling: string | null,
): SpeedUpCosts | null => {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) return null;
  const { gas, maxFeePerGas } = decoded.value;
  const least = gas * outbid(decoded.value, decoded.value).maxFeePerGas;
  const wanted = gas * outbid(decoded.value, market ?? decoded.value).maxFeePerGas;
  const ceiling = feeCeiling === null ? wanted : BigInt(feeCeiling);
  return {
    before: (gas * maxFeePerGas).toString(),
    after: (wanted < ceiling ? wanted : ceiling).toString(),
    isAboveCeiling: least > ceiling,
  };
};

/** What speeding a broadcast request up would cost; null while it is not known. */
export const useSpeedUpCosts = ({ facts, unsigned }: ActivityDetail): SpeedUpCosts | null => {
  const { network, feeCeiling } = facts;
  const { data, isPending } = useQuery({
    queryKey: ['network-fees', network],
    queryFn: ({ signal }) => read<NetworkFees>('networks.getFees', { query: { network }, signal }),
    retry: false,
  });
  if (unsigned === undefined || isPending) return null;
  const market = data
    ? {
        maxFeePerGas: BigInt(data.standard.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(data.standard.maxPriorityFeePerGas),
      }
    : null;
  return speedUpCosts(unsigned, market, feeCeiling);
};

export const useSpeedUpTransfer = () => useSigned<Transaction>('wallets.speedUpTransfer', [QUERY.activities]);
export const useSpeedUpTransaction = () => useSigned<Transaction>('wallets.speedUpTransaction', [QUERY.activities]);
