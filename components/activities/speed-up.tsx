'use client';

import { Gauge } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useMay } from '@/lib/client/session';
import type { ActivityDetail } from '@/lib/client/shapes';

const SpeedUpDialog = dynamic(() => import('./speed-up-dialog').then((module) => module.SpeedUpDialog), { ssr: false });

/** Beside “Cancel” on a transaction that waits to be mined. Of one that was sped up already the server names what to speed up instead. */
export const SpeedUp = ({ activity }: { activity: ActivityDetail }) => {
  const [asking, setAsking] = useState(false);
  const may = useMay('Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign');
  const { request, status, walletId } = activity;
  const isCancel = request.requestBody.kind === 'CancelTransaction';
  if (status !== 'Broadcasted' || walletId === undefined || isCancel || !may) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Gauge aria-hidden />
        Speed up
      </Button>
      {asking && <SpeedUpDialog activity={activity} onClose={() => setAsking(false)} />}
    </>
  );
};
