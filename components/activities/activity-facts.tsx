'use client';

import Link from 'next/link';
import { Person } from '@/components/people/person';
import { Amount } from '@/components/ui/amount';
import { Copyable } from '@/components/ui/copyable';
import { type FactRow, FactsList, fact } from '@/components/ui/facts-list';
import { Time } from '@/components/ui/time';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import { Address } from './address';
import { assetOf } from './asset-of';
import { networkWords } from './network-name';

const Unknown = ({ what }: { what: string }) => <span className="text-pending">Unknown: {what}</span>;

/** The decoded facts of a request, each one known or said to be unknown. */
export const ActivityFacts = ({ activity }: { activity: ActivityDetail }) => {
  const { facts, request } = activity;
  const asset = assetOf(facts, request);
  const wallet = useWallet(activity.walletId).data;
  const native = findNetwork(facts.network)?.native;
  const fee = (base: string) => <Amount base={base} decimals={native?.decimals ?? null} symbol={native?.symbol} />;
  const rows: readonly FactRow[] = [
    fact(
      'Amount',
      facts.amount === null ? (
        <Unknown what="limits count it as above any limit" />
      ) : (
        <Amount base={facts.amount} decimals={asset.decimals} symbol={asset.symbol} usd={asset.usd} />
      ),
    ),
    fact('Value', asset.usd === null && facts.kind !== 'signature' ? <Unknown what="no signed price" /> : null),
    fact(
      'Recipient',
      facts.recipient === null ? <Unknown what="the bytes do not say" /> : <Address address={facts.recipient} full />,
    ),
    fact(
      'Asset',
      facts.asset === null ? (
        <Unknown what="not decoded" />
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
  return <FactsList rows={rows} />;
};
