'use client';

import { Pencil } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { RequestsOf } from '@/components/activities/requests-of';
import { StatusBadge } from '@/components/activities/status-badge';
import { EntryLink } from '@/components/audit/entry-link';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session';
import type { KeyHolders as Holders } from '@/lib/client/shapes';
import { useKey, useKeyHolders } from '@/lib/client/signing-keys';
import { KeyHolders } from './key-holders';

const RenameKey = dynamic(() => import('./rename-key').then((module) => module.RenameKey), { ssr: false });

/** The first ceremony of a key: all nodes made it and confirmed each other's part in one entry. */
const Generation = ({ made }: Pick<Holders, 'made'>) => {
  if (!made) return <p className="p-4 text-muted">No entry says by itself when this key was made.</p>;
  return (
    <p className="border-b px-4 py-2.5">
      Made and confirmed by signers {made.nodes.join(', ')}, <Time at={made.at} />, <EntryLink seq={made.seq} />.
    </p>
  );
};

/** What a key is, who holds it, and each ceremony it took part in. */
export const KeyDetail = ({ keyId }: { keyId: string }) => {
  const { data: key, error, refetch } = useKey(keyId);
  const holders = useKeyHolders(keyId).data;
  const mayRename = useMay('Keys:Update');
  const [isRenaming, setRenaming] = useState(false);
  if (error && !key) return <Problem error={error} what="this key" onRetry={() => void refetch()} />;
  if (!key) return <DetailSkeleton />;
  return (
    <article>
      <PaneHeader
        backHref="/console/keys"
        backLabel="Keys"
        title={key.name ?? 'Key'}
        meta={
          <span className="flex flex-wrap items-center gap-2 text-muted">
            <StatusBadge status={key.status} />
            {key.scheme} {key.curve}
          </span>
        }
        actions={
          mayRename && (
            <Button onClick={() => setRenaming(true)}>
              <Pencil aria-hidden />
              Rename
            </Button>
          )
        }
      />
      {isRenaming && <RenameKey signingKey={key} onClose={() => setRenaming(false)} />}
      <div className="space-y-4 p-4 sm:p-6">
        <Section title="Key">
          <FactsList
            rows={[
              fact('Held by', <KeyHolders keyId={key.id} />),
              fact('Public key', <Copyable value={key.publicKey} label="public key" full />),
              fact('Protocol', 'threshold ECDSA (DKLs23); unaudited. No call reads or exports a share.'),
              fact(
                'Wallets',
                key.wallets.length === 0 ? (
                  'none: it signs what it is given'
                ) : (
                  <ul>
                    {key.wallets.map((wallet) => (
                      <li key={wallet.id}>
                        <Link href={`/console/wallets/${wallet.id}`} prefetch={false} className="underline">
                          {networkWords(wallet.network)}
                        </Link>
                      </li>
                    ))}
                  </ul>
                ),
              ),
              fact('Created', <Time at={key.dateCreated} />),
              fact('Id', <Copyable value={key.id} label="id" />),
            ]}
          />
        </Section>
        <RequestsOf title="Ceremonies and requests" of={{ keyId: key.id }} empty="Nothing was asked of it yet.">
          {holders && <Generation made={holders.made} />}
        </RequestsOf>
      </div>
    </article>
  );
};
