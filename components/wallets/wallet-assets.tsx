'use client';

import { Amount } from '@/components/ui/amount';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { plainOf, showMoney } from '@/components/ui/decimal';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { useWalletAssets } from '@/lib/client/wallets';

/** What the wallet holds as a chain node says now. */
export const WalletAssetsSection = ({ walletId }: { walletId: string }) => {
  const { data, error, isPending, refetch } = useWalletAssets(walletId);
  const netWorth = data?.netWorth?.['USD'];
  return (
    <Section
      title="Assets"
      aside={netWorth !== undefined && <span className="tabular text-muted">{showMoney(plainOf(netWorth))} USD</span>}
    >
      {error && !data ? (
        <div className="flex items-center gap-3">
          <p className="flex-1 text-pending">Balances are unknown: {error.message}</p>
          <Button size="sm" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : isPending ? (
        <div className="space-y-3">
          <Skeleton className="h-4 w-56" />
          <Skeleton className="h-4 w-40" />
        </div>
      ) : data?.assets.length === 0 ? (
        <p className="text-muted">Holds nothing yet. Send something to its address.</p>
      ) : (
        <ul className="space-y-2">
          {data?.assets.map((asset) => (
            <li
              key={asset.kind === 'Native' ? 'native' : asset.contract}
              className="flex flex-wrap items-center gap-x-3"
            >
              <Amount
                base={asset.balance}
                decimals={asset.decimals}
                symbol={asset.symbol}
                usd={asset.quotes?.['USD']}
                className="flex-1"
              />
              {asset.kind === 'Erc20' && <Copyable value={asset.contract} label="contract" className="text-muted" />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
