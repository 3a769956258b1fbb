'use client';

import Link from 'next/link';
import { useMay } from '@/lib/client/session';

/** The place in the ledger where it stands; a link for those who may read the ledger. */
export const EntryLink = ({ seq }: { seq: number }) => {
  const mayRead = useMay('Auth:Logs:Read');
  const words = <span className="tabular">ledger entry {seq}</span>;
  return mayRead ? (
    <Link href={`/console/audit/${seq}`} prefetch={false} className="underline">
      {words}
    </Link>
  ) : (
    words
  );
};
