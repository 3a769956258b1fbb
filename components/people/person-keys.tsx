'use client';

import { CircleCheck, Hourglass, KeyRound } from 'lucide-react';
import { StatusBadge } from '@/components/activities/status-badge';
import { Problem } from '@/components/frame/problem';
import { Badge } from '@/components/ui/badge';
import { Copyable } from '@/components/ui/copyable';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { usePersonCredentials } from '@/lib/client/people';
import { BackupBadge, BackupNote } from './backup-badge';
import { fingerprintOf } from './fingerprint-of';

/** Whether the signers believe signatures of a key. */
export const CountsBadge = ({ introduced }: { introduced: boolean }) =>
  introduced ? (
    <Badge tone="good" icon={CircleCheck}>
      Counts
    </Badge>
  ) : (
    <Badge tone="pending" icon={Hourglass}>
      Not vouched for yet
    </Badge>
  );

/** The keys somebody registered, with what people compare before one vouches. */
export const PersonKeys = ({ userId }: { userId: string }) => {
  const { data, error, isPending, refetch } = usePersonCredentials(userId);
  return (
    <Section title="Passkeys" flush>
      {error && !data ? (
        <Problem error={error} what="their passkeys" onRetry={() => void refetch()} />
      ) : isPending ? (
        <div className="p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : data?.items.length === 0 ? (
        <p className="p-4 text-muted">None registered yet.</p>
      ) : (
        <ul className="divide-y">
          {data?.items.map((one) => (
            <li key={one.uuid} className="space-y-1 px-4 py-3">
              <div className="flex flex-wrap items-center gap-2">
                <KeyRound aria-hidden className="size-4 text-faint" />
                <span className="font-medium">{one.name}</span>
                {one.kind !== 'Fido2' && <Badge>{one.kind}</Badge>}
                <BackupBadge backup={one.backup} />
                {one.isActive ? <CountsBadge introduced={one.introduced} /> : <StatusBadge status="Inactive" />}
                <Time at={one.dateCreated} className="ml-auto text-faint text-xs" />
              </div>
              <BackupNote backup={one.backup} name={one.name} />
              <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
                Fingerprint <Copyable value={fingerprintOf(one)} label="fingerprint" full />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
