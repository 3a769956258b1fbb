'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Problem } from '@/components/frame/problem';
import { useNames } from '@/components/people/use-names';
import { Copyable } from '@/components/ui/copyable';
import { Drawer } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TableSkeleton } from '@/components/ui/skeleton';
import { useOperationHolders } from '@/lib/client/access';
import type { OperationHolders } from '@/lib/client/shapes';
import { MomentField, momentOf } from './moment-field';
import { USED_OPERATIONS } from './operations-picker';
import { Reasons } from './reasons';

const KIND: Readonly<Record<OperationHolders['items'][number]['kind'], string>> = {
  CustomerEmployee: 'Person',
  EndUser: 'End user',
  ServiceAccount: 'Service account',
  Pat: 'Personal access token',
};

/** Everybody who may do one thing, now or at a moment of the past. */
export const WhoCan = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const [operation, setOperation] = useState('Wallets:Sign');
  const [local, setLocal] = useState('');
  const names = useNames();
  const { data, error, refetch } = useOperationHolders(operation, { at: momentOf(local), enabled: open });
  return (
    <Drawer
      open={open}
      onOpenChange={onOpenChange}
      title="Who can …"
      description="Roles allow; whether others must agree is for policies."
      wide
    >
      <div className="space-y-4">
        <div className="flex flex-wrap items-start gap-4">
          <div className="min-w-64 flex-1">
            <Field label="Operation">
              <Select
                value={operation}
                onChange={setOperation}
                options={USED_OPERATIONS.map((value) => ({ value, label: value }))}
              />
            </Field>
          </div>
          <MomentField value={local} onChange={setLocal} />
        </div>
        {error && !data ? (
          <Problem error={error} what="who can do this" onRetry={() => void refetch()} />
        ) : !data ? (
          <TableSkeleton />
        ) : data.items.length === 0 ? (
          <p className="text-muted">Nobody.</p>
        ) : (
          <ul className="divide-y rounded-lg border">
            {data.items.map((item) => (
              <li key={item.identityId} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2">
                <Link
                  href={`/console/people/${item.userId}`}
                  prefetch={false}
                  className="min-w-48 font-medium hover:underline"
                >
                  {names.get(item.userId)?.label ?? <Copyable value={item.userId} label="id" />}
                </Link>
                <span className="text-faint text-xs">{KIND[item.kind]}</span>
                <span className="ml-auto text-muted text-xs">
                  <Reasons operation={operation} because={item.because} />
                </span>
              </li>
            ))}
          </ul>
        )}
        {data?.isTruncated && <p className="text-muted">There are more; only {data.items.length} are listed.</p>}
      </div>
    </Drawer>
  );
};
