'use client';

import Link from 'next/link';
import { Sentence } from '@/components/activities/sentence';
import { StatusBadge } from '@/components/activities/status-badge';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useActivities } from '@/lib/client/activities';

/** What was asked of the wallet, newest first. */
export const WalletRequests = ({ walletId }: { walletId: string }) => {
  const { query, table } = useActivities({ walletId });
  return (
    <Section title="History" flush>
      {query.error && !query.data ? (
        <p className="p-4 text-muted">{query.error.message}</p>
      ) : query.isPending ? (
        <div className="space-y-3 p-4">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-4 w-2/3" />
        </div>
      ) : table.rows.length === 0 ? (
        <p className="p-4 text-muted">Nothing has been asked of this wallet yet.</p>
      ) : (
        <ul className="divide-y">
          {table.rows.map((row) => (
            <li key={row.id}>
              <Link
                href={`/console/activity/${row.id}`}
                prefetch={false}
                className="flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate text-muted">
                  <Sentence activity={row} />
                </span>
                <StatusBadge status={row.status} />
                <Time at={row.dateRequested} className="hidden text-faint text-xs sm:inline" />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {table.hasMore && (
        <div className="border-t p-3">
          <Button size="sm" busy={table.isFetchingMore} onClick={table.fetchMore}>
            Show more
          </Button>
        </div>
      )}
    </Section>
  );
};
