'use client';

import { MonitorSmartphone } from 'lucide-react';
import { Problem } from '@/components/frame/problem';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useRevokeSession, useSessions } from '@/lib/client/sessions';

/** Where the person is signed in. */
export const Sessions = () => {
  const { data, error, refetch } = useSessions();
  const revoke = useRevokeSession();
  const end = (sessionId: string) =>
    revoke.mutate({ params: { sessionId } }, { onSuccess: () => toast.done('Signed out there') });
  return (
    <Section title="Where you are signed in" flush>
      {error && !data ? (
        <Problem error={error} what="your sign-ins" onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : (
        <ul className="divide-y">
          {data.items
            .filter((one) => one.isActive)
            .map((one) => (
              <li key={one.sessionId} className="flex min-h-10 flex-wrap items-center gap-x-3 px-4 py-2">
                <MonitorSmartphone aria-hidden className="size-4 text-faint" />
                <span>
                  Signed in <Time at={one.dateCreated} />
                </span>
                <span className="text-muted text-xs">
                  last used <Time at={one.dateLastSeen} />, ends <Time at={one.dateExpires} />
                </span>
                <span className="ml-auto">
                  {one.isCurrent ? (
                    <Badge tone="good">This browser</Badge>
                  ) : (
                    <Button size="sm" look="dangerQuiet" busy={revoke.isPending} onClick={() => end(one.sessionId)}>
                      Sign out there
                    </Button>
                  )}
                </span>
              </li>
            ))}
        </ul>
      )}
      {revoke.error && (
        <div className="p-4 pt-0">
          <SigningProblem error={revoke.error} />
        </div>
      )}
    </Section>
  );
};
