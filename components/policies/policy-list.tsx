'use client';

import { Hourglass, OctagonX, Plus, Scale } from 'lucide-react';
import Link from 'next/link';
import { useSelectedLayoutSegment } from 'next/navigation';
import { useMemo } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { ListBody } from '@/components/frame/list-body';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useUrlState } from '@/components/ui/url-state';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import type { Policy } from '@/lib/client/shapes';
import { ACTION_LABELS, activityWords, ruleWords } from './words';

const COLUMNS: readonly Column<Policy>[] = [
  { id: 'name', header: 'Policy', cell: (row) => row.name, text: (row) => row.name },
  {
    id: 'rule',
    header: 'Triggers',
    optional: true,
    cell: (row) => <span className="text-muted">{ruleWords(row.rule)}</span>,
    text: (row) => ruleWords(row.rule),
  },
  {
    id: 'kind',
    header: 'Looks at',
    width: 'w-60',
    optional: true,
    cell: (row) => <span className="text-muted">{activityWords(row.activityKind)}</span>,
    text: (row) => row.activityKind,
  },
  {
    id: 'action',
    header: 'Then',
    width: 'w-40',
    cell: (row) =>
      row.action.kind === 'Block' ? (
        <Badge tone="bad" icon={OctagonX}>
          Block
        </Badge>
      ) : row.action.kind === 'RequestApproval' ? (
        <Badge tone="pending" icon={Hourglass}>
          Ask for approval
        </Badge>
      ) : (
        <Badge>Only note it</Badge>
      ),
    text: (row) => ACTION_LABELS[row.action.kind],
  },
  {
    id: 'status',
    header: 'Status',
    width: 'w-40',
    optional: true,
    cell: (row) =>
      row.pendingChangeRequest ? (
        <Badge tone="pending" icon={Hourglass}>
          Change pending
        </Badge>
      ) : (
        <StatusBadge status={row.status} />
      ),
    text: (row) => (row.pendingChangeRequest ? 'Change pending' : row.status),
  },
  {
    id: 'changed',
    header: 'Changed',
    width: 'w-28',
    align: 'right',
    optional: true,
    cell: (row) => (row.dateUpdated ? <Time at={row.dateUpdated} className="text-muted" /> : ''),
    text: (row) => row.dateUpdated ?? '',
  },
];

const VIEWS = [
  { value: 'Active', label: 'Active' },
  { value: 'Archived', label: 'Archived' },
  { value: 'All', label: 'All' },
] as const;

export const PolicyList = () => {
  const [view, setView] = useUrlState('view', 'Active');
  const { query, table } = usePolicies(view === 'Active' || view === 'Archived' ? view : undefined);
  const selected = useSelectedLayoutSegment() ?? undefined;
  const mayCreate = useMay('Policies:Create');
  const toolbar = useMemo(
    () => <Select aria-label="Which policies" className="h-7 w-28" value={view} onChange={setView} options={VIEWS} />,
    [view, setView],
  );
  const create = (
    <Button asChild look="primary">
      <Link href="/console/policies/new">
        <Plus aria-hidden />
        Create policy
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader title="Policies" actions={mayCreate && create} />
      <ListBody query={query} what="the policies">
        <DataTable
          name="policies"
          data={table}
          columns={COLUMNS}
          rowKey={(row) => row.id}
          rowHref={(row) => `/console/policies/${row.id}`}
          selectedKey={selected}
          toolbar={toolbar}
          empty={
            view === 'Archived' ? (
              <EmptyState icon={Scale} title="No archived policies">
                A policy that was archived stays here to be read; it asks for nothing.
              </EmptyState>
            ) : (
              <EmptyState
                icon={Scale}
                title="No policies yet"
                actions={
                  mayCreate && (
                    <>
                      <Button asChild>
                        <Link href="/console/policies/new?start=limit">Add a limit</Link>
                      </Button>
                      <Button asChild>
                        <Link href="/console/policies/new?start=approval">Ask for approval</Link>
                      </Button>
                      <Button asChild>
                        <Link href="/console/policies/new?start=governance">Govern policies</Link>
                      </Button>
                    </>
                  )
                }
              >
                Until you add one, anyone with <em>Wallets:Sign</em> can send without asking, and anyone with{' '}
                <em>Policies:Update</em> can change what you add.
              </EmptyState>
            )
          }
        />
      </ListBody>
    </>
  );
};
