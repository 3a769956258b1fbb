'use client';

import { ArrowRight } from 'lucide-react';
import { assetOf } from '@/components/activities/asset-of';
import { Amount } from '@/components/ui/amount';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useWalletAssets } from '@/lib/client/wallets';

/** Balance before and after as far as it is known: the chain's balance now, less the amount; the fee comes on top. */
export const BalanceChange = ({ activity }: { activity: ActivityDetail }) => {
  const isOpen = activity.status === 'Pending' || activity.status === 'Executing';
  const assets = useWalletAssets(isOpen ? activity.walletId : undefined);
  const { facts } = activity;
  if (!isOpen || facts.amount === null || facts.asset === null || facts.kind === 'signature') return null;
  const held = assets.data?.assets.find((one) =>
    facts.asset?.kind === 'Native'
      ? one.kind === 'Native'
      : one.kind === 'Erc20' &&
        facts.asset?.kind === 'Erc20' &&
        one.contract.toLowerCase() === facts.asset.contract.toLowerCase(),
  );
  if (!held) {
    if (assets.isPending) return <p className="text-muted">Reading the balance…</p>;
    return (
      <p className="text-pending">Balance unknown: {assets.error?.message ?? 'the wallet does not list this asset.'}</p>
    );
  }
  const asset = assetOf(facts, activity.request);
  const decimals = held.decimals;
  const symbol = held.symbol ?? asset.symbol;
  const after = BigInt(held.balance) - BigInt(facts.amount);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-2">
      <span className="text-muted">Balance now</span>
      <Amount base={held.balance} decimals={decimals} symbol={symbol} />
      <ArrowRight aria-hidden className="size-4 text-faint" />
      <span className="text-muted">after</span>
      {after < 0n ? (
        <span className="font-medium text-bad">
          not enough: <Amount base={(-after).toString()} decimals={decimals} symbol={symbol} /> missing
        </span>
      ) : (
        <Amount base={after.toString()} decimals={decimals} symbol={symbol} />
      )}
      {facts.asset.kind === 'Native' && <span className="text-faint text-xs">less the fee</span>}
    </div>
  );
};
