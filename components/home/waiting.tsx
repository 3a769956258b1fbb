'use client';

import { ArrowRight, BadgeCheck } from 'lucide-react';
import Link from 'next/link';
import { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { QueueSentence } from '@/components/approvals/approval-sentence';
import { QueueStanding } from '@/components/approvals/queue-standing';
import { QueueValue } from '@/components/approvals/queue-value';
import { RiskChip } from '@/components/approvals/risk';
import { useNameOf } from '@/components/approvals/use-names-of';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Time, TimeLeft } from '@/components/ui/time';
import { useApprovalQueue } from '@/lib/client/approvals';
import { useSession } from '@/lib/client/session';
import type { QueueItem } from '@/lib/client/shapes';
import { Lines, Row } from './lines';

const Item = ({ item }: { item: QueueItem }) => {
  const nameOf = useNameOf();
  const me = useSession().data?.userId ?? '';
  const known = useKnownAddresses();
  return (
    <Row
      href={`/console/approvals/${item.id}${item.stage === 'needsMe' ? '' : `?view=${item.stage}`}`}
      aside={
        <>
          <QueueValue item={item} />
          <RiskChip item={item} known={known} />
          {item.expirationDate ? <TimeLeft until={item.expirationDate} /> : <Time at={item.dateCreated} />}
        </>
      }
    >
      <QueueSentence item={item} known={known} />
      <span className="mt-0.5 flex items-center gap-2 text-xs">
        <span className="truncate">{nameOf(item.initiatorId)}</span>
        <QueueStanding item={item} nameOf={nameOf} me={me} />
      </span>
    </Row>
  );
};

/** What is asked of the reader, before anything else. */
export const WaitingForYou = () => {
  const { query, table } = useApprovalQueue({ stage: 'needsMe' });
  const first = table.rows.at(-1);
  return (
    <Section
      title="Waiting for you"
      flush
      aside={
        first && (
          <Button asChild size="sm" look="primary">
            {/* The list beside it is in the same order, the oldest first: what comes next is what has waited longest then. */}
            <Link href={`/console/approvals/${first.id}?sort=at`}>
              <BadgeCheck aria-hidden />
              Start reviewing
            </Link>
          </Button>
        )
      }
    >
      {query.error && !query.data ? (
        <div className="p-4">
          <SigningProblem error={query.error} />
        </div>
      ) : query.isPending ? (
        <Lines />
      ) : table.rows.length === 0 ? (
        <p className="p-4 text-muted">Nothing waits for you.</p>
      ) : (
        <ul className="divide-y">
          {table.rows.slice(0, 6).map((item) => (
            <Item key={item.id} item={item} />
          ))}
          {table.rows.length > 6 && (
            <li>
              <Link
                href="/console/approvals"
                prefetch={false}
                className="flex h-9 items-center gap-1 px-4 text-muted text-xs hover:bg-hover hover:text-ink"
              >
                All {table.rows.length}
                {table.hasMore && '+'} that wait for you
                <ArrowRight aria-hidden className="size-3" />
              </Link>
            </li>
          )}
        </ul>
      )}
    </Section>
  );
};

/** What others have to decide; nothing where there is none. */
export const WaitingOnOthers = () => {
  const { table } = useApprovalQueue({ stage: 'waiting' });
  if (table.rows.length === 0) return null;
  return (
    <Section title="Waiting on others" flush>
      <ul className="divide-y">
        {table.rows.slice(0, 4).map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </Section>
  );
};
