'use client';

import { KeyRound } from 'lucide-react';
import { useRouter, useSelectedLayoutSegment } from 'next/navigation';
import { useMemo } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { ListBody } from '@/components/frame/list-body';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session';
import type { Key } from '@/lib/client/shapes';
import { useKeys } from '@/lib/client/signing-keys';

/** Keys that sign: their shares are at the signer nodes and nowhere else. */
export const KeyList = () => {
  const router = useRouter();
  const { query, table } = useKeys();
  const selected = useSelectedLayoutSegment() ?? undefined;
  const mayCreate = useMay('Wallets:Create');
  const columns = useMemo<readonly Column<Key>[]>(
    () => [
      {
        id: 'name',
        header: 'Key',
        cell: (row) => row.name ?? <Copyable value={row.id} label="key id" />,
        text: (row) => `${row.name ?? ''} ${row.id}`,
      },
      {
        id: 'kind',
        header: 'Kind',
        width: 'w-44',
        optional: true,
        cell: (row) => `${row.scheme} ${row.curve}`,
        text: (row) => `${row.scheme} ${row.curve}`,
      },
      {
        id: 'publicKey',
        header: 'Public key',
        width: 'w-52',
        cell: (row) => <Copyable value={row.publicKey} label="public key" />,
        text: (row) => row.publicKey,
      },
      {
        id: 'status',
        header: 'Status',
        width: 'w-28',
        optional: true,
        cell: (row) => <StatusBadge status={row.status} />,
        text: (row) => row.status,
      },
      {
        id: 'created',
        header: 'Created',
        width: 'w-28',
        align: 'right',
        optional: true,
        cell: (row) => <Time at={row.dateCreated} className="text-muted" />,
        text: (row) => row.dateCreated,
        order: (row) => Date.parse(row.dateCreated),
      },
    ],
    [],
  );
  return (
    <>
      <PageHeader title="Keys" />
      <ListBody query={query} what="the keys">
        <DataTable
          name="keys"
          data={table}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => `/console/keys/${row.id}`}
          selectedKey={selected}
          empty={
            <EmptyState
              icon={KeyRound}
              title="No keys yet"
              actions={
                mayCreate && (
                  <Button look="primary" onClick={() => router.push('/console/wallets?new=1')}>
                    Create wallet
                  </Button>
                )
              }
            >
              A key signs for a wallet. The signers make it together and each keeps a share; the whole of it exists
              nowhere. It comes with its wallet.
            </EmptyState>
          }
        />
      </ListBody>
    </>
  );
};
