'use client';

import { useEffect, useState } from 'react';
import { Notice } from '@/components/ui/notice';
import { exactTime, Time } from '@/components/ui/time';
import type { ActivityDetail } from '@/lib/client/shapes';

/** Whether a policy still lets the request wait, by this browser’s clock. */
export const useIsWaiting = (notBefore: string | undefined): boolean => {
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => {
    const leftMs = notBefore === undefined ? 0 : Date.parse(notBefore) - Date.now();
    setWaiting(leftMs > 0);
    if (leftMs <= 0) return;
    const timer = setTimeout(() => setWaiting(false), leftMs);
    return () => clearTimeout(timer);
  }, [notBefore]);
  return isWaiting;
};

/** When the request can be carried out, in words with the zone, while that lies ahead. */
export const WaitsUntil = ({ activity }: { activity: Pick<ActivityDetail, 'status' | 'notBefore'> | undefined }) => {
  const { status, notBefore } = activity ?? {};
  const isWaiting = useIsWaiting(notBefore);
  const isOpen = status === 'Pending' || status === 'Executing';
  if (!isWaiting || !isOpen || notBefore === undefined) return null;
  return (
    <Notice title={`Can execute from ${exactTime(notBefore)}`}>
      That is <Time at={notBefore} />. A policy lets it wait: no signer signs it before, however fast it is approved.
      Until then it can be withdrawn.
    </Notice>
  );
};
