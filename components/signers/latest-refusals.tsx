'use client';

import { ShieldX } from 'lucide-react';
import Link from 'next/link';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { useSignerRefusals } from '@/lib/client/organisation';
import { useMay } from '@/lib/client/session';

/** What signers lately refused to sign: which of them, why, and for which request. */
export const LatestRefusals = () => {
  const may = useMay('Policies:Approvals:Read');
  const { data, error } = useSignerRefusals({ enabled: may });
  if (!may) return null;
  return (
    <Section title="Refusals" flush>
      {error && !data ? (
        <p className="p-4 text-muted">Not known: {error.message}</p>
      ) : data?.items.length === 0 ? (
        <p className="p-4 text-muted">No signer refused anything lately.</p>
      ) : (
        <ul className="divide-y">
          {data?.items.map((refusal) => (
            <li
              key={`${refusal.activityId} ${refusal.node} ${refusal.code} ${refusal.at}`}
              className="flex items-start gap-2.5 px-4 py-2"
            >
              <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" strokeWidth={1.75} />
              <div className="min-w-0 flex-1">
                <p className="break-words">
                  <span className="font-medium">
                    {refusal.node === 0 ? 'The coordinator' : `Signer ${refusal.node}`}
                  </span>
                  : {refusal.message}
                </p>
                <p className="flex flex-wrap gap-x-2 text-muted text-xs">
                  <Time at={refusal.at} />
                  <span className="font-mono">{refusal.code}</span>
                  <Link href={`/console/activity/${refusal.activityId}`} prefetch={false} className="underline">
                    the request
                  </Link>
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
