'use client';

import { ArrowLeft, ListFilter } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { useHotkeys } from '@/components/ui/hotkeys';
import { Input } from '@/components/ui/input';
import { ProblemView } from '@/components/ui/problem-view';
import { TableSkeleton } from '@/components/ui/skeleton';
import { useUrlState } from '@/components/ui/url-state';
import { type ApiOperation, useApiReference } from '@/lib/client/openapi';
import { MethodBadge } from './method-badge';
import { OperationDetail } from './operation-detail';

const groupsOf = (operations: readonly ApiOperation[]): readonly (readonly [string, readonly ApiOperation[]])[] => {
  const groups = new Map<string, ApiOperation[]>();
  for (const one of operations) {
    const name = one.operationId.split('.')[0] ?? '';
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups];
};

/** The operations of this server, from its own OpenAPI document. */
export const ApiReference = () => {
  const { data, error, isPending, refetch } = useApiReference();
  const [chosen, setChosen] = useUrlState('operation');
  const [filter, setFilter] = useState('');
  const [withAbsent, setWithAbsent] = useState(false);
  const groups = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return groupsOf(
      (data?.operations ?? []).filter((one) => {
        const text = `${one.method} ${one.path} ${one.operationId} ${one.description ?? ''}`.toLowerCase();
        return (withAbsent || one['x-built']) && words.every((word) => text.includes(word));
      }),
    );
  }, [data, filter, withAbsent]);
  useHotkeys([
    { keys: '/', label: 'Filter', group: 'Lists', run: () => document.getElementById('filter-operations')?.focus() },
  ]);
  if (error && !data)
    return (
      <ProblemView kind="error" title="The reference can’t be shown" onRetry={() => void refetch()}>
        <p>{error.message}</p>
      </ProblemView>
    );
  if (isPending) return <TableSkeleton />;
  const operation =
    data?.operations.find((one) => one.operationId === chosen) ??
    data?.operations.find((one) => one.operationId === 'wallets.transferAsset');
  return (
    <div className="flex min-h-0 flex-1">
      <nav
        aria-label="Operations"
        className={classNames(
          'thin-scroll w-[340px] shrink-0 overflow-y-auto border-r max-lg:w-full max-lg:border-r-0',
          chosen && 'max-lg:hidden',
        )}
      >
        <div className="sticky top-0 z-10 flex items-center gap-2 border-b bg-canvas px-3 py-2">
          <div className="relative flex-1">
            <ListFilter aria-hidden className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-faint" />
            <Input
              id="filter-operations"
              aria-label="Filter operations"
              placeholder="Filter"
              className="h-7 pl-7"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </div>
          <Button look="quiet" size="sm" aria-pressed={withAbsent} onClick={() => setWithAbsent(!withAbsent)}>
            {withAbsent ? 'Only built' : 'Also 501'}
          </Button>
        </div>
        {groups.length === 0 && <p className="p-4 text-muted">No operation matches “{filter}”.</p>}
        {groups.map(([name, operations]) => (
          <section key={name} className="py-2">
            <h3 className="px-3 pb-1 font-medium text-muted text-xs">{name === 'x' ? 'x (our additions)' : name}</h3>
            <ul>
              {operations.map((one) => (
                <li key={one.operationId}>
                  <button
                    type="button"
                    aria-current={one === operation || undefined}
                    onClick={() => setChosen(one.operationId)}
                    className={classNames(
                      'flex w-full items-baseline gap-1 px-3 py-1.5 text-left hover:bg-hover',
                      one === operation && 'lg:bg-selected',
                      !one['x-built'] && 'text-muted',
                    )}
                  >
                    <MethodBadge method={one.method} />
                    <span className="min-w-0 truncate font-mono text-xs" title={one.path}>
                      {one.path}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className={classNames('thin-scroll min-w-0 flex-1 overflow-y-auto bg-surface', !chosen && 'max-lg:hidden')}>
        <Button look="quiet" size="sm" className="m-2 lg:hidden" onClick={() => setChosen('')}>
          <ArrowLeft aria-hidden />
          Operations
        </Button>
        {data && operation && (
          <OperationDetail key={operation.operationId} operation={operation} schemas={data.schemas} />
        )}
      </div>
    </div>
  );
};
