'use client';

import { Download, ScrollText } from 'lucide-react';
import { useSelectedLayoutSegment } from 'next/navigation';
import { useMemo } from 'react';
import { Problem } from '@/components/frame/problem';
import { useNames } from '@/components/people/use-names';
import { Button } from '@/components/ui/button';
import { shorten } from '@/components/ui/copyable';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { type AuditFilter, auditExportHref, useAuditEntries } from '@/lib/client/audit';
import type { AuditEntry } from '@/lib/client/shapes';
import { AuditFilters, useAuditFilter } from './audit-filters';
import { EntryAuthor } from './entry-author';
import { useSummary } from './use-summary';

const useColumns = (): readonly Column<AuditEntry>[] => {
  const names = useNames();
  const summary = useSummary();
  return useMemo(
    () => [
      {
        id: 'what',
        header: 'What',
        wraps: true,
        cell: (row) => <span className="font-normal text-ink">{summary(row.summary)}</span>,
        text: (row) => `${summary(row.summary)} ${row.subject ?? ''}`,
      },
      {
        id: 'who',
        header: 'Who',
        width: 'w-32 sm:w-56',
        cell: (row) => <EntryAuthor by={row.by} userId={row.userId} />,
        text: (row) => (row.userId && (names.get(row.userId)?.label ?? row.username ?? row.userId)) || row.by,
      },
      {
        id: 'hash',
        header: 'Entry hash',
        width: 'w-36',
        optional: true,
        cell: (row) => <span className="tabular font-mono text-faint text-xs">{shorten(row.hash)}</span>,
        text: (row) => row.hash,
      },
      {
        id: 'at',
        header: 'When',
        width: 'w-28',
        optional: true,
        align: 'right',
        cell: (row) => <Time at={row.at} className="text-muted" />,
        text: (row) => row.at,
        order: (row) => Date.parse(row.at),
      },
      {
        id: 'seq',
        header: 'Entry',
        width: 'w-20',
        align: 'right',
        cell: (row) => row.seq,
        text: (row) => String(row.seq),
        order: (row) => row.seq,
      },
    ],
    [names, summary],
  );
};

const Exports = ({ filter }: { filter: AuditFilter }) => (
  <span className="flex items-center gap-1">
    {(['csv', 'ndjson'] as const).map((format) => (
      <Button key={format} asChild look="quiet" size="sm">
        <a href={auditExportHref(filter, format)} download={`audit.${format}`}>
          <Download aria-hidden />
          <span className="sr-only">Export as</span>
          {format.toUpperCase()}
        </a>
      </Button>
    ))}
  </span>
);

/** Every entry of the ledger, newest first. */
export const AuditList = () => {
  const filter = useAuditFilter();
  const { query, table } = useAuditEntries(filter);
  const columns = useColumns();
  const selected = useSelectedLayoutSegment() ?? undefined;
  return (
    <>
      <PageHeader title="Audit" />
      {query.error && !query.data ? (
        <Problem error={query.error} what="the audit log" onRetry={() => void query.refetch()} />
      ) : (
        <>
          <AuditFilters />
          {query.isPending ? (
            <TableSkeleton />
          ) : (
            <DataTable
              name="audit"
              data={table}
              columns={columns}
              rowKey={(row) => String(row.seq)}
              rowHref={(row) => `/console/audit/${row.seq}`}
              selectedKey={selected}
              defaultSort={{ id: 'seq', down: true }}
              exports={<Exports filter={filter} />}
              empty={
                <EmptyState icon={ScrollText} title="No entry fits">
                  The ledger holds every accepted change: who asked, who agreed, what was signed. Ask for other days,
                  another person or every kind.
                </EmptyState>
              }
            />
          )}
        </>
      )}
    </>
  );
};
