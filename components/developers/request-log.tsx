'use client';

import { CircleCheck, CircleX, Terminal } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { Problem } from '@/components/frame/problem';
import { useNames } from '@/components/people/use-names';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Copyable, shorten } from '@/components/ui/copyable';
import { DataTable } from '@/components/ui/data-table';
import { plainOf, showDecimal } from '@/components/ui/decimal';
import { EmptyState } from '@/components/ui/empty-state';
import { Select } from '@/components/ui/select';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useUrlState } from '@/components/ui/url-state';
import { useRequestLog } from '@/lib/client/request-log';
import type { LoggedRequest } from '@/lib/client/shapes';
import { MethodBadge } from './method-badge';

const useColumns = (): readonly Column<LoggedRequest>[] => {
  const names = useNames();
  return useMemo(
    () => [
      {
        id: 'path',
        header: 'Request',
        cell: (row) => (
          <span className="flex items-baseline gap-1 font-normal">
            <MethodBadge method={row.method} />
            <span className="min-w-0 truncate font-mono text-xs">{row.path}</span>
          </span>
        ),
        text: (row) => `${row.method} ${row.path}`,
      },
      {
        id: 'status',
        header: 'Answer',
        width: 'w-24',
        cell: (row) => (
          <Badge tone={row.status < 400 ? 'good' : 'bad'} icon={row.status < 400 ? CircleCheck : CircleX}>
            {row.status}
          </Badge>
        ),
        text: (row) => String(row.status),
      },
      {
        id: 'ms',
        header: 'Took',
        width: 'w-24',
        align: 'right',
        cell: (row) => `${showDecimal(plainOf(row.ms))} ms`,
        text: (row) => String(row.ms),
      },
      {
        id: 'who',
        header: 'By',
        width: 'w-48',
        optional: true,
        cell: (row) => names.get(row.userId)?.label ?? shorten(row.userId),
        text: (row) => names.get(row.userId)?.label ?? row.userId,
      },
      {
        id: 'token',
        header: 'Token',
        width: 'w-44',
        optional: true,
        cell: (row) => <Copyable value={row.tokenId} label="token id" />,
        text: (row) => row.tokenId,
      },
      {
        id: 'id',
        header: 'Request id',
        width: 'w-44',
        optional: true,
        cell: (row) => <Copyable value={row.requestId} label="request id" />,
        text: (row) => row.requestId,
      },
      {
        id: 'at',
        header: 'When',
        width: 'w-28',
        align: 'right',
        cell: (row) => <Time at={row.at} className="text-muted" />,
        text: (row) => row.at,
        order: (row) => Date.parse(row.at),
      },
    ],
    [names],
  );
};

/** What tokens and service accounts called in the last week: never a body, a query or a token. */
export const RequestLog = () => {
  const [view, setView] = useUrlState('answers', 'all');
  const { query, table } = useRequestLog({ failed: view === 'failed' });
  const columns = useColumns();
  if (query.error && !query.data)
    return <Problem error={query.error} what="the request log" onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton />;
  return (
    <DataTable
      name="requests"
      data={table}
      columns={columns}
      rowKey={(row) => row.requestId}
      defaultSort={{ id: 'at', down: true }}
      toolbar={
        <>
          <Select
            aria-label="Which answers"
            className="h-7 w-32"
            value={view}
            onChange={setView}
            options={[
              { value: 'all', label: 'All answers' },
              { value: 'failed', label: 'Refused only' },
            ]}
          />
          <Button look="quiet" size="sm" busy={query.isRefetching} onClick={() => void query.refetch()}>
            Refresh
          </Button>
        </>
      }
      empty={
        <EmptyState
          icon={Terminal}
          title={view === 'failed' ? 'Nothing was refused' : 'No token has called anything yet'}
          actions={
            <>
              <Button asChild>
                <Link href="/console/people?account=1">Create a service account</Link>
              </Button>
              <Button asChild>
                <Link href="/console/developers?tab=sdk">See how to begin</Link>
              </Button>
            </>
          }
        >
          What service accounts and personal access tokens call is kept here for a week, ten thousand requests at most:
          method, path, answer, time and who. Bodies, queries and tokens are never kept.
        </EmptyState>
      }
    />
  );
};
