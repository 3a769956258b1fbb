'use client';

import { Activity as ActivityIcon } from 'lucide-react';
import Link from 'next/link';
import { useSelectedLayoutSegment } from 'next/navigation';
import { useMemo } from 'react';
import { ListBody } from '@/components/frame/list-body';
import { Person } from '@/components/people/person';
import { useNames } from '@/components/people/use-names';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useActivities } from '@/lib/client/activities';
import type { ActivitySummary } from '@/lib/client/shapes';
import { activityText } from './activity-text';
import { networkWords } from './network-name';
import { SentenceOf } from './sentence';
import { StatusBadge } from './status-badge';
import { useKnownAddresses } from './use-known-addresses';

/** Columns of a table of requests; `withNetwork` where rows are not all of one wallet. */
export const useActivityColumns = (): readonly Column<ActivitySummary>[] => {
  const names = useNames();
  const known = useKnownAddresses();
  return useMemo(
    () => [
      {
        id: 'what',
        header: 'Request',
        wraps: true,
        cell: (row) => (
          <span className="font-normal text-muted">
            <SentenceOf activity={row} known={known} />
          </span>
        ),
        // The names that the row shows, and the whole values behind what it shortens.
        text: (row) => activityText(row, known),
      },
      {
        id: 'status',
        header: 'Status',
        width: 'w-32',
        cell: (row) => <StatusBadge status={row.subStatus === 'Reorged' ? 'Reorged' : row.status} />,
        text: (row) => row.status,
      },
      {
        id: 'network',
        header: 'Network',
        width: 'w-36',
        optional: true,
        cell: (row) => networkWords(row.network ?? row.facts.network),
        text: (row) => row.network ?? row.facts.network,
      },
      {
        id: 'by',
        header: 'Requester',
        width: 'w-44',
        optional: true,
        cell: (row) => <Person userId={row.requester.userId} />,
        text: (row) => names.get(row.requester.userId)?.label ?? row.requester.userId,
      },
      {
        id: 'at',
        header: 'Requested',
        width: 'w-28',
        optional: true,
        align: 'right',
        cell: (row) => <Time at={row.dateRequested} className="text-muted" />,
        text: (row) => row.dateRequested,
        order: (row) => Date.parse(row.dateRequested),
      },
    ],
    [names, known],
  );
};

export const ActivityList = () => {
  const { query, table } = useActivities();
  const columns = useActivityColumns();
  const selected = useSelectedLayoutSegment() ?? undefined;
  return (
    <>
      <PageHeader title="Activity" />
      <ListBody query={query} what="the activity">
        <DataTable
          name="activity"
          data={table}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => `/console/activity/${row.id}`}
          selectedKey={selected}
          defaultSort={{ id: 'at', down: true }}
          empty={
            <EmptyState
              icon={ActivityIcon}
              title="Nothing has been requested yet"
              actions={
                <Button asChild>
                  <Link href="/console/wallets">Open wallets</Link>
                </Button>
              }
            >
              Every transfer, transaction and signature appears here with its whole story: who asked, what the policies
              said, who agreed, which signers signed, and what the chain says.
            </EmptyState>
          }
        />
      </ListBody>
    </>
  );
};
