'use client';

import { BadgeCheck } from 'lucide-react';
import Link from 'next/link';
import { useSelectedLayoutSegment } from 'next/navigation';
import { ListBody } from '@/components/frame/list-body';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { SavedViews } from '@/components/ui/saved-views';
import { useUrlState } from '@/components/ui/url-state';
import { ViewTabs } from '@/components/ui/view-tabs';
import { useApprovalQueue } from '@/lib/client/approvals';
import { QUEUE_STAGES, type QueueStage } from '@/lib/contract/queue-stages';
import { QueueFilters } from './queue-filters';
import { useQueueColumns } from './use-queue-columns';

const WORDS: Readonly<Record<QueueStage, { readonly label: string; readonly empty: string }>> = {
  needsMe: { label: 'Needs me', empty: 'Nothing waits for you' },
  waiting: { label: 'Waiting on others', empty: 'Nothing waits on others' },
  ready: { label: 'Ready', empty: 'Nothing is under way' },
  done: { label: 'Done', empty: 'Nothing has been decided yet' },
};
const TEACHES: Readonly<Record<QueueStage, string>> = {
  needsMe:
    'A request comes here when a policy asks for your agreement. Which ones do, and whom they ask, is up to the policies.',
  waiting: 'What you approved or asked for stands here until the others have decided.',
  ready: 'What everybody agreed to stands here while signers sign it and the network confirms it.',
  done: 'Confirmed, rejected and expired requests are kept here, each with who decided and why.',
};

const stageOf = (value: string): QueueStage => QUEUE_STAGES.find((stage) => stage === value) ?? 'needsMe';
const countOf = ({ table }: ReturnType<typeof useApprovalQueue>): string | null =>
  table.rows.length > 0 ? `${table.rows.length}${table.hasMore ? '+' : ''}` : null;

/** The queue: what needs the reader first, then what waits on others, what is under way, and what is over. */
export const ApprovalList = () => {
  const [view, setView] = useUrlState('view', 'needsMe');
  const [kind, setKind] = useUrlState('kind');
  const [walletId, setWalletId] = useUrlState('wallet');
  const stage = stageOf(view);
  const filter = { ...(kind && { kind }), ...(walletId && { walletId }) };
  const queue = useApprovalQueue({ stage, ...filter });
  const needsMe = useApprovalQueue({ stage: 'needsMe' });
  const waiting = useApprovalQueue({ stage: 'waiting' });
  const selected = useSelectedLayoutSegment() ?? undefined;
  const columns = useQueueColumns();
  const { query, table } = queue;
  const counts: Partial<Record<QueueStage, string | null>> = { needsMe: countOf(needsMe), waiting: countOf(waiting) };
  return (
    <>
      <PageHeader title="Approvals" />
      <ViewTabs
        label="Approvals by where they stand"
        tabs={QUEUE_STAGES.map((value) => ({ value, label: WORDS[value].label, count: counts[value] ?? null }))}
        value={stage}
        onChange={setView}
        panelId="approvals"
      />
      <div id="approvals" role="tabpanel" aria-label={WORDS[stage].label} className="flex min-h-0 flex-1 flex-col">
        <ListBody query={query} what="the approvals">
          <DataTable
            name="approvals"
            data={table}
            columns={columns}
            rowKey={(row) => row.id}
            rowHref={(row) => `/console/approvals/${row.id}`}
            selectedKey={selected}
            toolbar={
              <>
                <QueueFilters kind={kind} onKind={setKind} walletId={walletId} onWalletId={setWalletId} />
                <SavedViews name="approvals" path="/console/approvals" />
              </>
            }
            defaultSort={{ id: 'at', down: true }}
            empty={
              <EmptyState
                icon={BadgeCheck}
                title={kind || walletId ? 'Nothing here with these filters' : WORDS[stage].empty}
                actions={
                  kind || walletId ? (
                    <Button asChild>
                      <Link href={`/console/approvals?view=${stage}`}>Clear filters</Link>
                    </Button>
                  ) : stage === 'needsMe' && counts.waiting ? (
                    <Button onClick={() => setView('waiting')}>See what waits on others</Button>
                  ) : (
                    <Button asChild>
                      <Link href="/console/policies">Open policies</Link>
                    </Button>
                  )
                }
              >
                {TEACHES[stage]}
              </EmptyState>
            }
          />
        </ListBody>
      </div>
    </>
  );
};
