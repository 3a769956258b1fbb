'use client';

import { ArrowRight, BadgeCheck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Sentence } from '@/components/activities/sentence';
import { StatusBadge } from '@/components/activities/status-badge';
import { ApprovalSentence } from '@/components/approvals/approval-sentence';
import { ChainAlarms } from '@/components/audit/chain-alarms';
import { EnrolmentWarning } from '@/components/frame/enrolment-warning';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Person } from '@/components/people/person';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time, TimeLeft } from '@/components/ui/time';
import { useActivities } from '@/lib/client/activities';
import { useApprovals } from '@/lib/client/approvals';
import { ClientError } from '@/lib/client/client-error';
import { useMay, useSession } from '@/lib/client/session';
import type { Approval } from '@/lib/client/shapes';
import { FirstSteps } from './first-steps';

const isForbidden = (error: Error): boolean => error instanceof ClientError && error.status === 403;

const Lines = () => (
  <div className="space-y-3 p-4" role="status" aria-label="Loading">
    <Skeleton className="h-4 w-3/4" />
    <Skeleton className="h-4 w-2/3" />
  </div>
);

const Row = ({ href, children, aside }: { href: string; children: ReactNode; aside: ReactNode }) => (
  <li>
    <Link href={href} prefetch={false} className="flex min-h-12 items-center gap-3 px-4 py-2 hover:bg-hover">
      <span className="min-w-0 flex-1 text-muted">{children}</span>
      <span className="flex shrink-0 flex-wrap items-center justify-end gap-x-3 gap-y-1 text-faint text-xs">
        {aside}
      </span>
    </Link>
  </li>
);

const ApprovalRow = ({ approval }: { approval: Approval }) => (
  <Row
    href={`/console/approvals/${approval.id}`}
    aside={
      approval.expirationDate ? (
        <TimeLeft until={approval.expirationDate} />
      ) : (
        <Time at={approval.dateCreated ?? approval.dateUpdated} />
      )
    }
  >
    <ApprovalSentence approval={approval} />
    <span className="block text-faint text-xs">
      asked by <Person userId={approval.initiatorId} />
    </span>
  </Row>
);

/** What is asked of the reader, what the reader asked, and what happened last. */
export const Home = () => {
  const session = useSession().data;
  const userId = session?.userId ?? '';
  const mayApprovals = useMay('Policies:Approvals:Read');
  const mine = useApprovals({ status: 'Pending', approverId: userId }, { enabled: mayApprovals && userId !== '' });
  const asked = useApprovals({ status: 'Pending', initiatorId: userId }, { enabled: mayApprovals && userId !== '' });
  const latest = useActivities();
  const waiting = mine.table.rows.filter(
    (approval) => !approval.decisions.some((decision) => decision.userId === userId),
  );
  const first = waiting[0];
  return (
    <div className="thin-scroll h-full overflow-y-auto">
      <PageHeader title="Home" />
      <div className="max-w-4xl space-y-4 p-4 sm:p-6">
        <ChainAlarms />
        <EnrolmentWarning />
        <FirstSteps />
        {mayApprovals && (
          <Section
            title="Waiting for you"
            flush
            aside={
              first && (
                <Button asChild size="sm" look="primary">
                  <Link href={`/console/approvals/${first.id}`}>
                    <BadgeCheck aria-hidden />
                    Start reviewing
                  </Link>
                </Button>
              )
            }
          >
            {mine.query.error && !mine.query.data ? (
              <div className="p-4">
                <SigningProblem error={mine.query.error} />
              </div>
            ) : mine.query.isPending ? (
              <Lines />
            ) : waiting.length === 0 ? (
              <p className="p-4 text-muted">Nothing waits for you.</p>
            ) : (
              <ul className="divide-y">
                {waiting.slice(0, 8).map((approval) => (
                  <ApprovalRow key={approval.id} approval={approval} />
                ))}
              </ul>
            )}
          </Section>
        )}
        {asked.table.rows.length > 0 && (
          <Section title="You asked, others decide" flush>
            <ul className="divide-y">
              {asked.table.rows.slice(0, 5).map((approval) => (
                <ApprovalRow key={approval.id} approval={approval} />
              ))}
            </ul>
          </Section>
        )}
        <Section
          title="Latest activity"
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
          {latest.query.error && !latest.query.data ? (
            <p className="p-4 text-muted">
              {isForbidden(latest.query.error)
                ? 'None of your roles lets you see requests. Somebody who may assign roles can give you one.'
                : latest.query.error.message}
            </p>
          ) : latest.query.isPending ? (
            <Lines />
          ) : latest.table.rows.length === 0 ? (
            <p className="p-4 text-muted">Nothing has been requested yet.</p>
          ) : (
            <ul className="divide-y">
              {latest.table.rows.slice(0, 8).map((activity) => (
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
          )}
        </Section>
      </div>
    </div>
  );
};
