'use client';

import { queryOptions, useQuery } from '@tanstack/react-query';
import { read } from './call';
import { WALLETS } from './first-asked';
import { QUERY } from './keys';
import type { TagsChange, Transfer, Wallet, WalletAssets } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

export const useWallets = (options: { readonly enabled?: boolean } = {}) => usePages<Wallet>(WALLETS, options);

export const useWallet = (walletId: string | undefined) =>
  useQuery({
    queryKey: [...QUERY.wallets, walletId],
    queryFn: ({ signal }) => read<Wallet>('wallets.getWallet', { params: { walletId: walletId ?? '' }, signal }),
    enabled: walletId !== undefined,
  });

/** What the wallet holds, as a chain node says now. */
export const walletAssetsQuery = (walletId: string | undefined) =>
  queryOptions({
    queryKey: [...QUERY.wallets, walletId, 'assets'],
    queryFn: ({ signal }) =>
      read<WalletAssets>('wallets.getWalletAssets', {
        params: { walletId: walletId ?? '' },
        query: { netWorth: 'true' },
        signal,
      }),
    enabled: walletId !== undefined,
    refetchInterval: 15_000,
  });

export const useWalletAssets = (walletId: string | undefined) => useQuery(walletAssetsQuery(walletId));

const STALE = [QUERY.wallets, QUERY.activities, QUERY.approvals];

export const useCreateWallet = () => useSigned<Wallet>('wallets.createWallet', [QUERY.wallets]);
export const useUpdateWallet = () => useSigned<Wallet>('wallets.updateWallet', [QUERY.wallets]);
export const useTagWallet = () => useSigned<Record<string, never>>('wallets.tagWallet', [QUERY.wallets]);
export const useUntagWallet = () => useSigned<Record<string, never>>('wallets.untagWallet', [QUERY.wallets]);
/** The governed way to take tags away. */
export const useTagChange = () => useSigned<Wallet, TagsChange>('x.createTagChange', [QUERY.wallets, QUERY.approvals]);
export const useTransfer = () => useSigned<Transfer>('wallets.transferAsset', STALE);
