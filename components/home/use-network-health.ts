'use client';

import { useQueries } from '@tanstack/react-query';
import { networkWords } from '@/components/activities/network-name';
import type { Tone } from '@/components/ui/badge';
import { useMay } from '@/lib/client/session';
import { useWallets, walletAssetsQuery } from '@/lib/client/wallets';

type NetworkHealth = { readonly name: string; readonly tone: Tone; readonly sentence: string };

/** Each network on which there is a wallet: whether its node answered when it was last asked for a balance. */
export const useNetworkHealth = (): readonly NetworkHealth[] => {
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows.filter((one) => one.status === 'Active');
  const firsts = [...new Map(wallets.toReversed().map((wallet) => [wallet.network, wallet])).values()];
  const answers = useQueries({ queries: firsts.map((wallet) => walletAssetsQuery(wallet.id)) });
  return firsts.map((wallet, at) => {
    const { data, error } = answers[at] ?? {};
    const name = networkWords(wallet.network);
    if (error) return { name, tone: 'bad', sentence: `Its node does not answer: ${error.message}` };
    return data
      ? { name, tone: 'good', sentence: 'Its node answers.' }
      : { name, tone: 'neutral', sentence: 'Asking its node …' };
  });
};
