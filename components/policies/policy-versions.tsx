'use client';

import { Person } from '@/components/people/person';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Disclosure } from '@/components/ui/disclosure';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { usePolicyVersions } from '@/lib/client/decisions';
import { definitionOf } from '@/lib/verifying/versions';
import { FieldChanges } from './field-changes';

/** Every definition the policy had, newest first, each with what it changed. */
export const PolicyVersions = ({ policyId }: { policyId: string }) => {
  const { query, table } = usePolicyVersions(policyId);
  if (query.error && !query.data) return <p className="text-muted">Not known: {query.error.message}</p>;
  if (query.isPending) return <Skeleton className="h-4 w-1/2" />;
  return (
    <ol className="space-y-5">
      {table.rows.map((version, at) => {
        const isFirst = !table.hasMore && at === table.rows.length - 1;
        return (
          <li key={version.version} className="space-y-2">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Time at={version.date} className="font-medium" />
              {version.changedBy && (
                <span className="text-muted">
                  by <Person userId={version.changedBy} />
                </span>
              )}
              {version.current && <Badge tone="good">in force</Badge>}
              <span className="ml-auto font-mono text-muted text-xs" title={version.version}>
                {version.version.slice(0, 8)}
              </span>
            </p>
            {isFirst ? (
              <p className="text-muted">Created as “{version.policy.name}”.</p>
            ) : (
              <FieldChanges changes={version.changes.map(({ path, before, after }) => ({ path, before, after }))} />
            )}
            <Disclosure title="Whole definition">
              <CodeBlock text={JSON.stringify(definitionOf(version.policy), null, 2)} label="definition" />
            </Disclosure>
          </li>
        );
      })}
      {table.hasMore && (
        <Button size="sm" busy={table.isFetchingMore} onClick={table.fetchMore}>
          Show earlier versions
        </Button>
      )}
    </ol>
  );
};
