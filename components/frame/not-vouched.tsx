'use client';

import dynamic from 'next/dynamic';
import { Notice } from '@/components/ui/notice';
import { usePersonCredentials } from '@/lib/client/people';
import { useSession } from '@/lib/client/session';

// Hashing comes with it, and nearly nobody sees it.
const Fingerprint = dynamic(() => import('@/components/people/fingerprint').then((module) => module.Fingerprint), {
  ssr: false,
});

/** Shown to somebody none of whose passkeys counts yet: what they can do, and what to read out to whom. */
export const NotVouched = () => {
  const userId = useSession().data?.userId;
  const active = usePersonCredentials(userId).data?.items.filter((one) => one.isActive) ?? [];
  const first = active[0];
  if (!first || active.some((one) => one.introduced)) return null;
  return (
    <Notice tone="pending" title="Not vouched for yet" className="m-3">
      You can read, and sign nothing, until somebody who may assign roles vouches for your passkey. Read them this
      fingerprint, in person or by telephone: <Fingerprint credential={first} />
    </Notice>
  );
};
