'use client';

import { BadgeCheck } from 'lucide-react';
import Link from 'next/link';
import { useSelectedLayoutSegment } from 'next/navigation';
import { useMemo, useState } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { Problem } from '@/components/frame/problem';
import { Person } from '@/components/people/person';
import { Button } from '@/components/ui/button';
import { type Column, DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Time, TimeLeft } from '@/components/ui/time';
import { useApprovals } from '@/lib/client/approvals';
import { useSession } from '@/lib/client/session';
import type { Approval } from '@/lib/client/shapes';
import { ApprovalSentence } from './approval-sentence';
import { useApprovalText } from './use-approval-text';

const VIEWS = [
  { value: 'mine', label: 'Waiting for you' },
  { value: 'pending', label: 'All pending' },
  { value: 'asked', label: 'You asked' },
  { value: 'all', label: 'Everything' },
] as const;
type View = (typeof VIEWS)[number]['value'];

const isView = (value: string): value is View => VIEWS.some((view) => view.value === value);

/** The queue. What waits for the reader comes first. */
export const ApprovalList = () => {
  const userId = useSession().data?.userId;
  const [view, setView] = useState<View>('mine');
  const { query, table } = useApprovals(
    view === 'mine'
      ? { status: 'Pending', ...(userId && { approverId: userId }) }
      : view === 'pending'
        ? { status: 'Pending' }
        : view === 'asked' && userId
          ? { initiatorId: userId }
          : {},
  );
  const selected = useSelectedLayoutSegment() ?? undefined;
  const textOf = useApprovalText();
  // The one that is open stays in the list after it was decided, so that the place is kept.
  const rows =
    view === 'mine'
      ? table.rows.filter((row) => row.id === selected || !row.decisions.some((decision) => decision.userId === userId))
      : table.rows;
  const columns = useMemo<readonly Column<Approval>[]>(
    () => [
      {
        id: 'what',
        header: 'Request',
        wraps: true,
        cell: (row) => (
          <span className="font-normal text-muted">
            <ApprovalSentence approval={row} />
          </span>
        ),
        text: textOf,
      },
      {
        id: 'status',
        header: 'Status',
        width: 'w-28',
        cell: (row) => <StatusBadge status={row.status} />,
        text: (row) => row.status,
      },
      {
        id: 'by',
        header: 'Requester',
        width: 'w-44',
        optional: true,
        cell: (row) => <Person userId={row.initiatorId} />,
        text: (row) => row.initiatorId,
      },
      {
        id: 'left',
        header: 'Time left',
        width: 'w-36',
        optional: true,
        cell: (row) =>
          row.status === 'Pending' && row.expirationDate ? (
            <TimeLeft until={row.expirationDate} />
          ) : (
            <span className="text-faint">{row.status === 'Pending' ? 'no deadline' : ''}</span>
          ),
        text: (row) => row.expirationDate ?? '',
      },
      {
        id: 'at',
        header: 'Requested',
        width: 'w-28',
        optional: true,
        align: 'right',
        cell: (row) => <Time at={row.dateCreated ?? row.dateUpdated} className="text-muted" />,
        text: (row) => row.dateCreated ?? row.dateUpdated,
        order: (row) => Date.parse(row.dateCreated ?? row.dateUpdated),
      },
    ],
    [textOf],
  );
  const toolbar = (
    <Select
      aria-label="Which approvals"
      className="h-7 w-40"
      value={view}
      onChange={(value) => isView(value) && setView(value)}
      options={VIEWS}
    />
  );
  return (
    <>
      <PageHeader title="Approvals" />
      {query.error && !query.data ? (
        <Problem error={query.error} what="the approvals" onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton />
      ) : (
        <DataTable
          name="approvals"
          data={{ ...table, rows }}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => `/console/approvals/${row.id}`}
          selectedKey={selected}
          toolbar={toolbar}
          defaultSort={{ id: 'at', down: true }}
          empty={
            <EmptyState
              icon={BadgeCheck}
              title={view === 'mine' ? 'Nothing waits for you' : 'No approvals here'}
              actions={
                <Button asChild>
                  <Link href="/console/policies">Open policies</Link>
                </Button>
              }
            >
              A request comes here when a policy asks for somebody’s agreement. Which ones do, and whom they ask, is up
              to the policies.
            </EmptyState>
          }
        />
      )}
    </>
  );
};
