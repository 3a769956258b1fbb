'use client';

import { ArrowRight } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useMemo } from 'react';
import { Sentence } from '@/components/activities/sentence';
import { StatusBadge } from '@/components/activities/status-badge';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useRecentActivities } from '@/lib/client/activities';
import { ClientError } from '@/lib/client/client-error';
import { countByDay } from './count-by-day';
import { Lines, Row } from './lines';

const ActivityChart = dynamic(() => import('./activity-chart').then((module) => module.ActivityChart), {
  ssr: false,
  loading: () => <Skeleton className="h-32 w-full" />,
});

const DAYS = 14;
const isForbidden = (error: Error): boolean => error instanceof ClientError && error.status === 403;

/** What was requested in the last two weeks, and the latest of it. */
export const ActivitySection = () => {
  const { data, error, isPending } = useRecentActivities();
  const days = useMemo(() => countByDay(data ?? [], DAYS, Date.now()), [data]);
  return (
    <Section
      title="Activity"
      flush
      aside={
        <Link
          href="/console/activity"
          prefetch={false}
          className="inline-flex items-center gap-1 text-muted text-xs hover:text-ink"
        >
          All activity
          <ArrowRight aria-hidden className="size-3" />
        </Link>
      }
    >
      {error && !data ? (
        <p className="p-4 text-muted">
          {isForbidden(error)
            ? 'None of your roles lets you see requests. Somebody who may assign roles (Permissions:Assign) can give you one.'
            : error.message}
        </p>
      ) : isPending ? (
        <Lines />
      ) : data?.length === 0 ? (
        <p className="p-4 text-muted">
          Nothing has been requested yet. Every transfer, transaction and signature appears here.
        </p>
      ) : (
        <>
          <div className="border-b px-4 py-3">
            <ActivityChart days={days} />
          </div>
          <ul className="divide-y">
            {data?.slice(0, 6).map((activity) => (
              <Row
                key={activity.id}
                href={`/console/activity/${activity.id}`}
                aside={
                  <>
                    <StatusBadge status={activity.status} />
                    <Time at={activity.dateRequested} />
                  </>
                }
              >
                <Sentence activity={activity} />
              </Row>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
};
