'use client';

import Link from 'next/link';
import { networkWords } from '@/components/activities/network-name';
import { Copyable } from '@/components/ui/copyable';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { useChainAlarms } from '@/lib/client/audit';
import type { ChainAlarm } from '@/lib/client/shapes';

const WHY: Readonly<Record<ChainAlarm['reason'], string>> = {
  unknown: 'the ledger knows nothing of it',
  unsigned: 'the request with its nonce was never signed here',
  replaced: 'it took the place of one that the signers had signed',
};

/** Money that left a wallet behind the ledger's back; nothing where all is accounted for. */
export const ChainAlarms = () => {
  const alarms = useChainAlarms().data?.items ?? [];
  if (alarms.length === 0) return null;
  const count = alarms.length === 1 ? '1 transaction' : `${alarms.length} transactions`;
  return (
    <Notice tone="bad" title={`${count} on the chain that the ledger does not know`}>
      <ul className="space-y-1">
        {alarms.slice(0, 5).map((alarm) => (
          <li key={`${alarm.network} ${alarm.address} ${alarm.nonce}`}>
            From{' '}
            <Link href={`/console/wallets/${alarm.walletId}`} prefetch={false} className="underline">
              this wallet
            </Link>{' '}
            (<Copyable value={alarm.address} label="address" />) on {networkWords(alarm.network)}, nonce {alarm.nonce}
            {alarm.txHash && (
              <>
                {' '}
                (<Copyable value={alarm.txHash} label="transaction hash" />)
              </>
            )}
            : {WHY[alarm.reason]}. Noticed <Time at={alarm.dateNoticed} />.
          </li>
        ))}
        {alarms.length > 5 && <li>And {alarms.length - 5} more.</li>}
      </ul>
      <p className="mt-1">
        Somebody else can sign for this wallet, or a signature made here was used elsewhere. Freeze the organisation and
        tell your operator.
      </p>
    </Notice>
  );
};
