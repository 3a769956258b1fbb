'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useMemo } from 'react';
import { Person } from '@/components/people/person';
import { Amount } from '@/components/ui/amount';
import { Copyable } from '@/components/ui/copyable';
import { Disclosure } from '@/components/ui/disclosure';
import { type FactRow, FactsList, fact } from '@/components/ui/facts-list';
import { FactsSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { askedCall } from '@/lib/client/asked-call';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';
import { Address } from './address';
import { assetOf } from './asset-of';
import { networkWords } from './network-name';

const CallTree = dynamic(() => import('./call-tree').then((module) => module.CallTree), {
  ssr: false,
  loading: FactsSkeleton,
});

const Unknown = ({ what }: { what: string }) => <span className="text-pending">Unknown: {what}</span>;

type ActivityFactsProps = {
  activity: ActivityDetail;
  /** The checked entry that says what is done; the call is decoded from its bytes. */
  says: OwnEntry;
};

/** The decoded facts of a request, each one known or said to be unknown, and the calls in its bytes. */
export const ActivityFacts = ({ activity, says }: ActivityFactsProps) => {
  const { facts, request } = activity;
  const call = useMemo(() => askedCall(activity, says.body), [activity, says]);
  const isCall = facts.kind === 'contractCall';
  const asset = assetOf(facts, request);
  const wallet = useWallet(activity.walletId).data;
  const native = findNetwork(facts.network)?.native;
  const fee = (base: string) => <Amount base={base} decimals={native?.decimals ?? null} symbol={native?.symbol} />;
  const rows: readonly FactRow[] = [
    fact(
      'Amount',
      facts.amount === null ? (
        <Unknown
          what={
            isCall
              ? 'what moves is up to the contract; limits count it as above any limit'
              : 'limits count it as above any limit'
          }
        />
      ) : (
        <Amount base={facts.amount} decimals={asset.decimals} symbol={asset.symbol} usd={asset.usd} />
      ),
    ),
    fact('In USD', asset.usd === null && facts.kind === 'transfer' ? <Unknown what="no signed price" /> : null),
    ...(isCall && call
      ? [
          fact('Contract', call.to === null ? 'a new one, made by this' : <Address address={call.to} full />),
          fact(
            'Value',
            <Amount base={call.value.toString()} decimals={native?.decimals ?? null} symbol={native?.symbol} />,
          ),
          fact(
            'Recipient',
            <Unknown what="who receives something is up to the contract; rules count it as not listed" />,
          ),
        ]
      : [
          fact(
            'Recipient',
            facts.recipient === null ? <Unknown what="it can’t be told" /> : <Address address={facts.recipient} full />,
          ),
        ]),
    fact(
      'Asset',
      facts.asset === null ? (
        isCall ? null : (
          <Unknown what="not decoded" />
        )
      ) : facts.asset.kind === 'Native' ? (
        `${native?.symbol ?? ''}, native coin`
      ) : (
        <span className="inline-flex items-center gap-1.5">
          {asset.symbol} <Copyable value={facts.asset.contract} label="contract" />
        </span>
      ),
    ),
    fact(
      'From',
      activity.walletId ? (
        <Link href={`/console/wallets/${activity.walletId}`} prefetch={false} className="font-medium hover:underline">
          {wallet?.name ?? activity.walletId}
        </Link>
      ) : (
        <Copyable value={activity.keyId} label="key id" />
      ),
    ),
    fact('Network', networkWords(facts.network)),
    fact('Fee ceiling', facts.feeCeiling === null ? null : fee(facts.feeCeiling)),
    fact('Fee paid', 'fee' in request && typeof request.fee === 'string' ? fee(request.fee) : null),
    fact(
      'Transaction',
      'txHash' in request && request.txHash ? <Copyable value={request.txHash} label="transaction hash" /> : null,
    ),
    fact('Requester', <Person userId={activity.requester.userId} />),
    fact('Requested', <Time at={activity.dateRequested} />),
    fact(
      'Asks again for',
      activity.recreates ? (
        <span className="inline-flex items-center gap-1.5">
          <Link
            href={`/console/activity/${activity.recreates}`}
            prefetch={false}
            className="font-medium hover:underline"
          >
            a former request
          </Link>
          <Copyable value={activity.recreates} label="id of the former request" />
        </span>
      ) : null,
    ),
    fact(
      'Speeds up',
      activity.speedsUp ? (
        <span className="inline-flex items-center gap-1.5">
          <Link
            href={`/console/activity/${activity.speedsUp}`}
            prefetch={false}
            className="font-medium hover:underline"
          >
            a broadcast request
          </Link>
          <Copyable value={activity.speedsUp} label="id of the request that is sped up" />
        </span>
      ) : null,
    ),
    fact('External id', activity.externalId ?? null),
    fact('Id', <Copyable value={activity.id} label="id" />),
  ];
  return (
    <div className="space-y-4">
      <FactsList rows={rows} />
      {call && isCall && (
        <section aria-label="Decoded calls" className="rounded-md border p-3">
          <CallTree call={call} network={facts.network} />
        </section>
      )}
      {call && !isCall && call.data !== '0x' && (
        <Disclosure title="Decoded call and raw bytes">
          <CallTree call={call} network={facts.network} />
        </Disclosure>
      )}
    </div>
  );
};
