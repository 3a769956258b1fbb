'use client';

import { Plus, Send, Wallet as WalletIcon } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useSelectedLayoutSegment } from 'next/navigation';
import { useMemo } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { StatusBadge } from '@/components/activities/status-badge';
import { ListBody } from '@/components/frame/list-body';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { useHotkeys } from '@/components/ui/hotkeys';
import { onDemand } from '@/components/ui/on-demand';
import { PageHeader } from '@/components/ui/page-header';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useUrlFlag } from '@/components/ui/url-state';
import { useMay } from '@/lib/client/session';
import type { Wallet } from '@/lib/client/shapes';
import { useWallets } from '@/lib/client/wallets';
import { Tags } from './tags';
import { useIsFrozen } from './use-is-frozen';

const CreateWallet = onDemand(
  dynamic(() => import('./create-wallet').then((module) => module.CreateWallet), { ssr: false }),
);
const SendDrawer = onDemand(dynamic(() => import('./send-drawer').then((module) => module.SendDrawer), { ssr: false }));

export const WalletList = () => {
  const [isCreating, setCreating] = useUrlFlag('new');
  const [isSending, setSending] = useUrlFlag('send');
  const { query, table } = useWallets();
  const selected = useSelectedLayoutSegment() ?? undefined;
  const mayCreate = useMay('Wallets:Create');
  const maySend = useMay('Wallets:Transfers:Create', 'Wallets:Sign');
  const isFrozen = useIsFrozen();
  useHotkeys([
    ...(mayCreate ? [{ keys: 'c', label: 'Create a wallet', group: 'Wallets', run: () => setCreating(true) }] : []),
    ...(maySend ? [{ keys: 's', label: 'Send', group: 'Wallets', run: () => setSending(true) }] : []),
  ]);
  const columns = useMemo<readonly Column<Wallet>[]>(
    () => [
      {
        id: 'name',
        header: 'Wallet',
        cell: (row) => row.name ?? <span className="text-muted">Unnamed</span>,
        text: (row) => row.name ?? '',
      },
      {
        id: 'address',
        header: 'Address',
        width: 'w-56',
        cell: (row) =>
          row.address ? (
            <Copyable value={row.address} label="address" />
          ) : (
            <span className="text-faint">signs only</span>
          ),
        text: (row) => row.address ?? '',
      },
      {
        id: 'network',
        header: 'Network',
        width: 'w-40',
        optional: true,
        cell: (row) => networkWords(row.network),
        text: (row) => row.network,
      },
      {
        id: 'tags',
        header: 'Tags',
        width: 'w-48',
        optional: true,
        cell: (row) => <Tags tags={row.tags} />,
        text: (row) => row.tags.join(' '),
      },
      {
        id: 'status',
        header: 'Status',
        width: 'w-28',
        optional: true,
        cell: (row) => <StatusBadge status={isFrozen(row.id) ? 'Frozen' : row.status} />,
        text: (row) => (isFrozen(row.id) ? 'Frozen' : row.status),
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
    [isFrozen],
  );
  return (
    <>
      <PageHeader
        title="Wallets"
        actions={
          <>
            {maySend && table.rows.length > 0 && (
              <Button onClick={() => setSending(true)}>
                <Send aria-hidden />
                Send
              </Button>
            )}
            {mayCreate && (
              <Button look="primary" onClick={() => setCreating(true)}>
                <Plus aria-hidden />
                Create wallet
              </Button>
            )}
          </>
        }
      />
      <ListBody query={query} what="the wallets">
        <DataTable
          name="wallets"
          data={table}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => `/console/wallets/${row.id}`}
          selectedKey={selected}
          empty={
            <EmptyState
              icon={WalletIcon}
              title="No wallets yet"
              actions={
                mayCreate && (
                  <Button look="primary" onClick={() => setCreating(true)}>
                    <Plus aria-hidden />
                    Create wallet
                  </Button>
                )
              }
            >
              A wallet is an address whose key nobody holds: each signer keeps a share of it, and enough of them must
              agree to sign. Making one takes all signers and a few seconds.
            </EmptyState>
          }
        />
      </ListBody>
      <CreateWallet open={isCreating} onOpenChange={setCreating} />
      <SendDrawer
        open={isSending}
        onOpenChange={setSending}
        wallets={table.rows}
        {...(selected && { fromId: selected })}
      />
    </>
  );
};
