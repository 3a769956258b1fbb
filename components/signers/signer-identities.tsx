'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import type { SignerNode } from '@/lib/client/shapes';

const ReplaceSigner = dynamic(() => import('./replace-signer').then((module) => module.ReplaceSigner), { ssr: false });

const Standing = ({ node }: { node: SignerNode }) => {
  const keys = node.keysWithoutShare;
  return (
    <>
      {node.pending ? (
        <p>
          <Badge tone="pending">Waits for approval</Badge>{' '}
          <span className="break-all font-mono text-xs">{node.pending.fingerprint}</span>{' '}
          <Link href={`/console/approvals/${node.pending.approvalId}`} className="underline">
            Look at it
          </Link>
        </p>
      ) : (
        <p>
          <Badge tone="good">In force</Badge>{' '}
          <span className="text-muted text-xs">
            {node.certificate.specVersion ?? 'version not named'}, {node.region}
          </span>
        </p>
      )}
      {keys > 0 && (
        <p className="text-muted text-xs">
          Its store was lost: it holds no share of {keys === 1 ? '1 key' : `${keys} keys`} made before.
        </p>
      )}
      {node.claimedBy && (
        <p className="text-pending text-xs">
          Somebody connected as this signer with other keys:{' '}
          <span className="break-all font-mono">{node.claimedBy}</span>. They are refused.
        </p>
      )}
    </>
  );
};

/** Which certificate of each signer is in force, what waits, and the act that replaces one. */
export const SignerIdentities = ({ nodes }: { nodes: readonly SignerNode[] }) => {
  const [replacing, setReplacing] = useState<number | null>(null);
  const node = nodes.find((one) => one.node === replacing);
  return (
    <Section title="Certificates" flush>
      <ul>
        {nodes.map((one) => (
          <li key={one.node} className="flex flex-wrap items-start gap-3 border-b px-4 py-3 last:border-b-0">
            <span className="w-20 shrink-0 font-medium">Signer {one.node}</span>
            <div className="min-w-0 flex-1 space-y-1">
              <Standing node={one} />
            </div>
            <Button
              aria-label={`Replace or renew signer ${one.node}`}
              disabled={one.pending !== null}
              onClick={() => setReplacing(one.node)}
            >
              Replace or renew
            </Button>
          </li>
        ))}
      </ul>
      {node && <ReplaceSigner node={node} open onOpenChange={(open) => !open && setReplacing(null)} />}
    </Section>
  );
};
