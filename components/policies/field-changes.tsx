'use client';

import { Minus, Plus } from 'lucide-react';
import { useNameOf } from '@/components/approvals/use-names-of';
import type { FieldChange } from '@/lib/client/definition-changes';
import { fieldName, fieldValue } from './field-words';

/** What two definitions differ in, member by member: before struck out under −, after under +. */
export const FieldChanges = ({ changes }: { changes: readonly FieldChange[] }) => {
  const nameOf = useNameOf();
  if (changes.length === 0) return <p className="text-muted">Nothing differs.</p>;
  return (
    <dl className="divide-y rounded-md border">
      {changes.map(({ path, before, after }) => {
        const [old, next] = [fieldValue(path, before, nameOf), fieldValue(path, after, nameOf)];
        return (
          <div key={path} className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[150px_minmax(0,1fr)]">
            <dt className="text-muted">{fieldName(path)}</dt>
            <dd className="min-w-0 space-y-1">
              {old !== null && (
                <p className="flex items-start gap-1.5 rounded-sm bg-bad-wash px-1.5 text-bad">
                  <Minus aria-label="before" className="mt-1 size-3 shrink-0" />
                  <span className="min-w-0 break-words">{old}</span>
                </p>
              )}
              {next !== null && (
                <p className="flex items-start gap-1.5 rounded-sm bg-good-wash px-1.5 text-good">
                  <Plus aria-label="after" className="mt-1 size-3 shrink-0" />
                  <span className="min-w-0 break-words">{next}</span>
                </p>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
};
