'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { WithinLink } from '@/components/ui/exact';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useActivities } from '@/lib/client/activities';
import { Sentence } from './sentence';
import { StatusBadge } from './status-badge';

type RequestsOfProps = {
  title: string;
  /** Which requests: those of a wallet, or those that a key signs. */
  of: { readonly walletId: string } | { readonly keyId: string };
  empty: string;
  children?: ReactNode;
};

/** Requests, newest first, each a line that leads to its story. */
export const RequestsOf = ({ title, of, empty, children }: RequestsOfProps) => {
  const { query, table } = useActivities(of);
  return (
    <Section title={title} flush>
      {children}
      {query.error && !query.data ? (
        <p className="p-4 text-muted">{query.error.message}</p>
      ) : query.isPending ? (
        <div className="space-y-3 p-4">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-4 w-2/3" />
        </div>
      ) : table.rows.length === 0 ? (
        <p className="p-4 text-muted">{empty}</p>
      ) : (
        <WithinLink>
          <ul className="divide-y">
            {table.rows.map((row) => (
              <li key={row.id}>
                <Link
                  href={`/console/activity/${row.id}`}
                  prefetch={false}
                  className="flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-hover"
                >
                  <span className="line-clamp-2 min-w-0 flex-1 text-muted sm:line-clamp-1">
                    <Sentence activity={row} />
                  </span>
                  <StatusBadge status={row.status} />
                  <Time at={row.dateRequested} className="hidden text-faint text-xs sm:inline" />
                </Link>
              </li>
            ))}
          </ul>
        </WithinLink>
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
