'use client';

import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import { networkWords } from '@/components/activities/network-name';
import { Button } from '@/components/ui/button';
import { cutDecimal, plainUnits, showDecimal, showMoney } from '@/components/ui/decimal';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import type { WalletAssets } from '@/lib/client/shapes';
import { useWallets, walletAssetsQuery } from '@/lib/client/wallets';
import { addDecimals, type Decimal, formatDecimal, parseDecimal, ZERO } from '@/lib/domain/decimal';
import { Lines } from './lines';

/** Chains are asked for so many wallets at most: the page must not wait for a hundred nodes. */
const MOST = 12;
const SHOWN = 6;

const dollars = (usd: Decimal): string => showMoney(formatDecimal(usd));
const usdOf = (assets: WalletAssets | undefined): Decimal => parseDecimal(assets?.netWorth?.['USD']) ?? ZERO;

/** Six places are enough for an overview; what was cut is said, and never rounded up. */
const cut = (amount: string): string => {
  const kept = cutDecimal(amount, 6);
  return `${showDecimal(kept)}${kept === amount ? '' : '…'}`;
};

const holdings = (assets: WalletAssets): string =>
  assets.assets
    .slice(0, 2)
    .map((asset) => `${cut(plainUnits(asset.balance, asset.decimals))} ${asset.symbol ?? 'tokens'}`)
    .join(', ') || 'empty';

/** What the wallets hold, as chain nodes say now. */
export const Balances = () => {
  const { query, table } = useWallets();
  const asked = table.rows.filter((wallet) => wallet.status === 'Active').slice(0, MOST);
  const assets = useQueries({ queries: asked.map((wallet) => walletAssetsQuery(wallet.id)) });
  const rows = asked.map((wallet, at) => ({ wallet, data: assets[at]?.data, error: assets[at]?.error ?? null }));
  const total = rows.reduce((sum, row) => addDecimals(sum, usdOf(row.data)), ZERO);
  const isPartial = rows.some((row) => row.error) || table.rows.length > MOST || table.hasMore;
  return (
    <Section
      title="Balances"
      flush
      aside={
        total.digits > 0n && (
          <span className="tabular font-medium">
            {isPartial && <span className="font-normal text-muted">at least </span>}
            {dollars(total)} USD
          </span>
        )
      }
    >
      {query.error && !query.data ? (
        <p className="p-4 text-muted">{query.error.message}</p>
      ) : query.isPending ? (
        <Lines />
      ) : table.rows.length === 0 ? (
        <div className="space-y-3 p-4">
          <p className="text-muted">
            No wallet yet. Its key is made by all signers together; no machine holds it whole.
          </p>
          <Button asChild>
            <Link href="/console/wallets?new=1">Create a wallet</Link>
          </Button>
        </div>
      ) : (
        <ul className="divide-y">
          {rows.slice(0, SHOWN).map(({ wallet, data, error }) => (
            <li key={wallet.id}>
              <Link
                href={`/console/wallets/${wallet.id}`}
                prefetch={false}
                className="flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{wallet.name ?? wallet.id}</span>
                  <span className="block truncate text-muted text-xs">{networkWords(wallet.network)}</span>
                </span>
                <span className="tabular shrink-0 text-right">
                  {data ? (
                    <>
                      {data.netWorth && <span className="block">{dollars(usdOf(data))} USD</span>}
                      <span className="block text-muted text-xs">{holdings(data)}</span>
                    </>
                  ) : error ? (
                    <span className="text-pending text-xs">unknown</span>
                  ) : (
                    <Skeleton className="h-4 w-20" />
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
