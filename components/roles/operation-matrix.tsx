'use client';

import { ArrowDown, Check, Grid3x3 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Problem } from '@/components/frame/problem';
import { Button } from '@/components/ui/button';
import { CsvButton } from '@/components/ui/csv-button';
import { EmptyState } from '@/components/ui/empty-state';
import { Input } from '@/components/ui/input';
import { TableSkeleton } from '@/components/ui/skeleton';
import { usePermissions } from '@/lib/client/permissions';
import { normaliseOperation } from '@/lib/contract/permission-operations';
import { USED_OPERATIONS } from './operations-picker';

/** Which role holds which operation: a line an operation, a column a role. */
export const OperationMatrix = () => {
  const { query, table } = usePermissions();
  const [filter, setFilter] = useState('');
  const [by, setBy] = useState<string | null>(null);
  if (query.error && !query.data)
    return <Problem error={query.error} what="the roles" onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton />;
  const roles = table.rows
    .filter((role) => !role.isArchived)
    .map((role) => ({ ...role, holds: new Set(role.operations.map(normaliseOperation)) }));
  const holds = (role: (typeof roles)[number], operation: string): boolean =>
    role.isImmutable || role.holds.has(normaliseOperation(operation));
  const first = roles.find((role) => role.id === by);
  const operations = USED_OPERATIONS.filter((one) => one.toLowerCase().includes(filter.toLowerCase().trim())).toSorted(
    (a, b) => (first ? Number(holds(first, b)) - Number(holds(first, a)) : 0),
  );
  if (roles.length === 0)
    return (
      <EmptyState icon={Grid3x3} title="No roles yet">
        Once there are roles, this shows which of them holds what.
      </EmptyState>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b px-4 py-1.5 sm:px-6">
        <Input
          aria-label="Filter operations"
          placeholder="Filter operations"
          className="h-7 max-w-64"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="ml-auto">
          <CsvButton
            name="operation-matrix"
            headings={['Operation', ...roles.map((role) => role.name)]}
            rows={() =>
              operations.map((operation) => [
                operation,
                ...roles.map((role) => (holds(role, operation) ? 'holds it' : '')),
              ])
            }
          />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable from the keyboard */}
      <section aria-label="Operation matrix" tabIndex={0} className="thin-scroll min-h-0 flex-1 overflow-auto">
        <table className="border-collapse text-sm">
          <thead className="sticky top-0 z-10 bg-canvas">
            <tr>
              <th
                scope="col"
                className="sticky left-0 z-10 h-10 border-b bg-canvas px-4 text-left font-normal text-muted text-xs sm:px-6"
              >
                Operation
              </th>
              {roles.map((role) => (
                <th
                  key={role.id}
                  scope="col"
                  aria-sort={by === role.id ? 'descending' : 'none'}
                  className="max-w-40 border-b px-3 text-left font-medium text-xs"
                >
                  <span className="flex items-center gap-1">
                    <Link href={`/console/roles/${role.id}`} prefetch={false} className="truncate hover:underline">
                      {role.name}
                    </Link>
                    <Button
                      look="quiet"
                      size="icon"
                      aria-label={`What ${role.name} holds first`}
                      aria-pressed={by === role.id}
                      onClick={() => setBy(by === role.id ? null : role.id)}
                    >
                      <ArrowDown aria-hidden className={by === role.id ? 'text-ink' : 'text-faint'} />
                    </Button>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.map((operation) => (
              <tr key={operation} className="hover:bg-hover">
                <th
                  scope="row"
                  className="sticky left-0 h-8 whitespace-nowrap border-b bg-canvas px-4 text-left font-mono font-normal text-xs sm:px-6"
                >
                  {operation}
                </th>
                {roles.map((role) => (
                  <td key={role.id} className="border-b px-3">
                    {holds(role, operation) ? (
                      <Check aria-label="holds it" className="size-4 text-good" />
                    ) : (
                      <span aria-label="does not hold it" role="img" className="text-faint">
                        ·
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
};
