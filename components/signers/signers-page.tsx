'use client';

import { CircleCheck, CircleX, Hourglass, OctagonX, Snowflake } from 'lucide-react';
import { ChainAlarms } from '@/components/audit/chain-alarms';
import { Problem } from '@/components/frame/problem';
import { Badge } from '@/components/ui/badge';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Section } from '@/components/ui/section';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useLedgerHead, useOrganisation, useSigners, useWitnesses } from '@/lib/client/organisation';
import type { LedgerHead, SignerNode } from '@/lib/client/shapes';
import { LatestRefusals } from './latest-refusals';
import { PairSetUps } from './pair-set-ups';
import { SignerAlarms } from './signer-alarms';
import { signerHealth } from './signer-health';
import { SignerIdentities } from './signer-identities';

const OFFSET_WARNING_MS = 10_000;

const Offset = ({ ms }: { ms: number | null }) => {
  if (ms === null) return <span className="text-faint">unknown</span>;
  const isOff = Math.abs(ms) > OFFSET_WARNING_MS;
  return (
    <span className={isOff ? 'font-medium text-pending' : ''}>
      {ms > 0 ? '+' : ''}
      {Math.abs(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`}
      {isOff && ', check its clock'}
    </span>
  );
};

const Behind = ({ node, head }: { node: SignerNode; head: LedgerHead | undefined }) => {
  if (!node.head) return <span className="text-faint">unknown</span>;
  const behind = head ? head.seq - node.head.seq : 0;
  if (head && behind === 0 && node.head.hash !== head.hash)
    return <span className="font-medium text-bad">entry {node.head.seq}, another hash: a fork</span>;
  return (
    <span>
      entry {node.head.seq}
      {behind > 0 && <span className="text-pending">, {behind} behind</span>}
    </span>
  );
};

const State = ({ node }: { node: SignerNode }) => {
  if (!node.connected)
    return (
      <Badge tone="bad" icon={CircleX}>
        Away
      </Badge>
    );
  if (node.stopped || node.quarantined)
    return (
      <Badge tone="bad" icon={OctagonX}>
        {node.stopped ? 'Stopped' : 'Quarantined'}
      </Badge>
    );
  if (node.frozen)
    return (
      <Badge tone="frozen" icon={Snowflake}>
        Frozen
      </Badge>
    );
  if (!node.selfTest)
    return (
      <Badge tone="pending" icon={Hourglass}>
        Self-test
      </Badge>
    );
  return (
    <Badge tone="good" icon={CircleCheck}>
      Connected
    </Badge>
  );
};

const NodeRow = ({ node, head }: { node: SignerNode; head: LedgerHead | undefined }) => (
  <tr className="border-b last:border-b-0">
    <th scope="row" className="h-12 whitespace-nowrap px-4 text-left font-medium">
      Signer {node.node}
    </th>
    <td className="px-4">
      <State node={node} />
    </td>
    <td className="tabular whitespace-nowrap px-4">
      <Behind node={node} head={head} />
    </td>
    <td className="tabular whitespace-nowrap px-4">
      <Offset ms={node.clockOffsetMs} />
    </td>
    <td className="tabular px-4">
      {(node.counts['voidEntries'] ?? 0) > 0 ? (
        <span className="font-medium text-bad">{node.counts['voidEntries']}</span>
      ) : (
        <span className="text-faint">none</span>
      )}
    </td>
    <td className="whitespace-nowrap px-4 text-muted">
      {node.connected ? 'now' : node.lastSeen ? <Time at={node.lastSeen} /> : 'never'}
    </td>
    <td className="whitespace-nowrap px-4">{node.region}</td>
    <td className="whitespace-nowrap px-4">
      {node.certificate.specVersion ?? <span className="text-faint">not named</span>}
    </td>
    <td className="min-w-80 px-4">
      <Copyable value={node.fingerprint} label="fingerprint" full />
    </td>
  </tr>
);

const HEADINGS = [
  'Node',
  'State',
  'Ledger',
  'Clock offset',
  'Void alarms',
  'Last seen',
  'Region',
  'Version',
  'Fingerprint',
] as const;

/** Whether the signers can sign, and whether what they know is what the server shows. */
export const SignersPage = () => {
  const signers = useSigners();
  const head = useLedgerHead().data;
  const witnesses = useWitnesses().data;
  const organisation = useOrganisation().data;
  if (signers.error && !signers.data)
    return <Problem error={signers.error} what="the signers" onRetry={() => void signers.refetch()} />;
  const health = signerHealth(signers.data ?? null);
  const checkpoint = head?.checkpoint;
  const backends = [...new Set(signers.data?.items.map((node) => node.backend).filter(Boolean))];
  const isUnaudited = signers.data?.items.some((node) => node.unaudited) ?? true;
  return (
    <div className="thin-scroll h-full overflow-y-auto">
      <PageHeader
        title="Signers"
        meta={
          signers.data && (
            <span>
              any {signers.data.threshold} of {signers.data.items.length} sign together
            </span>
          )
        }
      />
      {!signers.data ? (
        <TableSkeleton rows={4} />
      ) : (
        <div className="max-w-6xl space-y-4 p-4 sm:p-6">
          <Notice tone={health.tone} title={health.sentence}>
            {organisation &&
              !organisation.confirmed &&
              'Until the first administrator signs something, the signers refuse everything for this organisation.'}
          </Notice>
          <SignerAlarms nodes={signers.data.items} alarms={witnesses?.alarms ?? []} />
          <ChainAlarms />
          <Section title="Nodes" flush>
            <div className="thin-scroll overflow-x-auto">
              <table className="w-full text-sm">
                <thead>
                  <tr className="border-b text-left text-muted text-xs">
                    {HEADINGS.map((heading) => (
                      <th key={heading} scope="col" className="h-8 whitespace-nowrap px-4 font-normal">
                        {heading}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {signers.data.items.map((node) => (
                    <NodeRow key={node.node} node={node} head={head} />
                  ))}
                </tbody>
              </table>
            </div>
            <p className="border-t px-4 py-3 text-muted text-xs">
              Each signer prints its fingerprint on its terminal when it starts, and the genesis of every organisation
              it follows
              {organisation && (
                <>
                  , here <span className="font-mono">{organisation.fingerprint}</span>
                </>
              )}
              . Compare both with whoever runs the machine, over a second channel: one that differs is another node, or
              another organisation.
            </p>
          </Section>
          <SignerIdentities nodes={signers.data.items} />
          <PairSetUps nodes={signers.data.items} />
          <LatestRefusals />
          <Section title="Ledger">
            <FactsList
              rows={[
                fact('Last entry', head ? <span className="tabular">{head.seq}</span> : null),
                fact('Hash', head ? <Copyable value={head.hash} label="hash" /> : null),
                fact('Root', head ? <Copyable value={head.root} label="root" /> : null),
                fact(
                  'Last checkpoint',
                  checkpoint ? (
                    <span>
                      entry {checkpoint.seq}, <Time at={checkpoint.at} />
                    </span>
                  ) : (
                    'none yet'
                  ),
                ),
                fact(
                  'Witnessed by',
                  checkpoint ? checkpoint.nodeSignatures.map((one) => `signer ${one.node}`).join(', ') : null,
                ),
                fact(
                  'Heartbeats',
                  witnesses && witnesses.heartbeats.length > 0 ? (
                    <ul>
                      {witnesses.heartbeats.map((beat) => (
                        <li key={beat.node}>
                          signer {beat.node} at entry {beat.head.seq}, <Time at={beat.at} />
                        </li>
                      ))}
                    </ul>
                  ) : (
                    'none yet'
                  ),
                ),
              ]}
            />
          </Section>
          <Section title="What signs">
            <FactsList
              rows={[
                fact('Protocol', 'threshold ECDSA on secp256k1; the whole key never exists'),
                fact('Backend', backends.join(', ') || 'unknown'),
                fact(
                  'Review',
                  isUnaudited
                    ? 'unaudited: no outside party has reviewed this code'
                    : 'the nodes say that their code was reviewed',
                ),
                fact(
                  'Profile',
                  organisation?.profile === 'single-machine'
                    ? 'single-machine: all signers run here, so one break-in reaches them all. For trying out.'
                    : organisation?.profile,
                ),
                fact(
                  'Networks',
                  organisation ? (organisation.mainnet ? 'mainnets allowed, experimental' : 'testnets only') : null,
                ),
              ]}
            />
          </Section>
        </div>
      )}
    </div>
  );
};
