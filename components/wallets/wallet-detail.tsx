'use client';

import { Pencil, QrCode, Send, Snowflake } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { RequestsOf } from '@/components/activities/requests-of';
import { StatusBadge } from '@/components/activities/status-badge';
import { FreezeDialog } from '@/components/frame/freeze-dialog';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { KeyHolders } from '@/components/keys/key-holders';
import { KeyLink } from '@/components/keys/key-link';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { useHotkeys } from '@/components/ui/hotkeys';
import { Notice } from '@/components/ui/notice';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useOrganisation } from '@/lib/client/organisation';
import { useMay } from '@/lib/client/session';
import { useWallet } from '@/lib/client/wallets';
import { Tags } from './tags';
import { WalletAssetsSection } from './wallet-assets';

const SendDrawer = onDemand(dynamic(() => import('./send-drawer').then((module) => module.SendDrawer), { ssr: false }));
const EditWallet = dynamic(() => import('./edit-wallet').then((module) => module.EditWallet), { ssr: false });
const ReceiveDialog = dynamic(() => import('./receive-dialog').then((module) => module.ReceiveDialog), { ssr: false });

export const WalletDetail = ({ walletId }: { walletId: string }) => {
  const { data: wallet, error, refetch } = useWallet(walletId);
  const organisation = useOrganisation().data;
  const maySend = useMay('Wallets:Transfers:Create', 'Wallets:Sign');
  const mayEdit = useMay('Wallets:Update', 'Wallets:Tags:Add', 'Wallets:Tags:Delete');
  const mayFreeze = useMay('Policies:Create');
  const [dialog, setDialog] = useState<'send' | 'receive' | 'edit' | 'freeze' | null>(null);
  const canSend = maySend && wallet?.status === 'Active' && wallet.address !== undefined;
  useHotkeys(
    canSend ? [{ keys: 's', label: 'Send from this wallet', group: 'This wallet', run: () => setDialog('send') }] : [],
  );
  if (error && !wallet) return <Problem error={error} what="this wallet" onRetry={() => void refetch()} />;
  if (!wallet) return <DetailSkeleton />;
  const isFrozen = organisation?.frozenWalletIds.includes(wallet.id) ?? false;
  const name = wallet.name ?? 'Unnamed wallet';
  const show = (which: typeof dialog) => (open: boolean) => setDialog(open ? which : null);
  return (
    <article>
      <PaneHeader
        backHref="/console/wallets"
        backLabel="Wallets"
        title={name}
        meta={
          <span className="flex flex-wrap items-center gap-2 text-muted">
            <StatusBadge status={isFrozen || organisation?.frozen ? 'Frozen' : wallet.status} />
            {networkWords(wallet.network)}
          </span>
        }
        actions={
          <>
            {canSend && (
              <Button look="primary" onClick={() => setDialog('send')}>
                <Send aria-hidden />
                Send
              </Button>
            )}
            {wallet.address && (
              <Button onClick={() => setDialog('receive')}>
                <QrCode aria-hidden />
                Receive
              </Button>
            )}
            {mayEdit && (
              <Button onClick={() => setDialog('edit')}>
                <Pencil aria-hidden />
                Edit
              </Button>
            )}
            {mayFreeze && (
              <Button onClick={() => setDialog('freeze')}>
                <Snowflake aria-hidden />
                {isFrozen ? 'Unfreeze' : 'Freeze'}
              </Button>
            )}
          </>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        {isFrozen && (
          <Notice tone="frozen" title="This wallet is frozen">
            Server and signers refuse everything that would leave it.
          </Notice>
        )}
        {wallet.address && <WalletAssetsSection walletId={wallet.id} />}
        <Section title="Wallet">
          <FactsList
            rows={[
              fact(
                'Address',
                wallet.address ? (
                  <Copyable value={wallet.address} label="address" full />
                ) : (
                  'none: this network only signs'
                ),
              ),
              fact('Network', networkWords(wallet.network)),
              fact('Tags', wallet.tags.length > 0 ? <Tags tags={wallet.tags} /> : 'none'),
              fact('Key', <KeyLink keyId={wallet.signingKey.id} />),
              fact(
                'Kind of key',
                `${wallet.signingKey.scheme} ${wallet.signingKey.curve}, shared among the signers; unaudited`,
              ),
              fact('Held by', <KeyHolders keyId={wallet.signingKey.id} />),
              fact('Public key', <Copyable value={wallet.signingKey.publicKey} label="public key" />),
              fact('External id', wallet.externalId),
              fact('Created', <Time at={wallet.dateCreated} />),
              fact('Id', <Copyable value={wallet.id} label="id" />),
            ]}
          />
        </Section>
        <RequestsOf title="History" of={{ walletId: wallet.id }} empty="Nothing has been asked of this wallet yet." />
      </div>
      <SendDrawer open={dialog === 'send'} onOpenChange={show('send')} wallets={[wallet]} fromId={wallet.id} />
      {wallet.address && dialog === 'receive' && (
        <ReceiveDialog wallet={{ ...wallet, address: wallet.address }} open onOpenChange={show('receive')} />
      )}
      {dialog === 'edit' && <EditWallet wallet={wallet} open onOpenChange={show('edit')} />}
      <FreezeDialog
        open={dialog === 'freeze'}
        onOpenChange={show('freeze')}
        isFrozen={isFrozen}
        subject={{ name, walletId: wallet.id }}
      />
    </article>
  );
};
