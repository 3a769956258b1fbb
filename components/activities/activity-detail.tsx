'use client';

import { CircleX } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { GroupSeats } from '@/components/approvals/group-seats';
import { Reasons } from '@/components/approvals/reasons';
import { useSeats } from '@/components/approvals/use-seats';
import { WaitsUntil } from '@/components/approvals/waits-until';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useCheckedActivity } from '@/lib/client/checked';
import { sittingForOthers } from '@/lib/client/seats';
import { useMay } from '@/lib/client/session';
import { ActivityFacts } from './activity-facts';
import { CancelDialog } from './cancel-dialog';
import { EvidenceDrawer } from './evidence-drawer';
import { Misstated } from './misstated';
import { Refusals } from './refusals';
import { RequestActs } from './request-acts';
import { Sentence } from './sentence';
import { SpeedUp } from './speed-up';
import { StatusBadge } from './status-badge';
import { Timeline } from './timeline';

/** One request with its whole story. */
export const ActivityDetailPane = ({ activityId }: { activityId: string }) => {
  const { query, checked } = useCheckedActivity(activityId);
  const { data: stated, error, refetch } = query;
  const mayCancel = useMay('Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign');
  const [cancelling, setCancelling] = useState(false);
  const progress = useSeats(stated, stated?.requester.userId ?? '');
  if (error && !stated) return <Problem error={error} what="this request" onRetry={() => void refetch()} />;
  if (!stated || !checked) return <DetailSkeleton />;
  const data = checked.ok ? checked.value : stated;
  const isCancellable = checked.ok && data.status === 'Broadcasted' && data.walletId !== undefined && mayCancel;
  return (
    <article>
      <PaneHeader
        backHref="/console/activity"
        backLabel="Activity"
        title={
          <span className="font-normal text-muted">
            <Sentence activity={data} request={data.request} />
          </span>
        }
        meta={
          <span className="flex items-center gap-2 text-muted">
            <StatusBadge status={data.status} />
            {data.subStatus && <StatusBadge status={data.subStatus} />}
            <Time at={data.dateRequested} />
          </span>
        }
        actions={
          <>
            {data.approvalId && data.status === 'Pending' && (
              <Button asChild look="primary">
                <Link href={`/console/approvals/${data.approvalId}`}>Open approval</Link>
              </Button>
            )}
            {checked.ok && <SpeedUp activity={data} />}
            {isCancellable && (
              <Button look="dangerQuiet" onClick={() => setCancelling(true)}>
                <CircleX aria-hidden />
                Cancel transaction
              </Button>
            )}
            {checked.ok && <RequestActs activity={data} body={checked.entry.body} />}
            <EvidenceDrawer subject={data} entry={checked.ok ? checked.entry : undefined} />
          </>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        {!checked.ok && <Misstated differences={checked.differences} />}
        {data.reason && (
          <Notice
            tone={data.status === 'Rejected' || data.status === 'Failed' ? 'bad' : 'neutral'}
            title={data.status === 'Rejected' ? 'Rejected' : data.status === 'Failed' ? 'Failed' : 'Note'}
          >
            {data.reason}
          </Notice>
        )}
        <Refusals activity={data} />
        <WaitsUntil activity={data} />
        {checked.ok && (
          <Section title="What it does">
            <ActivityFacts activity={data} says={checked.says} />
          </Section>
        )}
        <Section title="Timeline">
          <Timeline steps={data.timeline} inPlaceOf={sittingForOthers(progress)} />
        </Section>
        <Section title="What the policies said">
          <Reasons
            evaluations={data.evaluations}
            former={data.former}
            activityId={data.id}
            own={checked.ok ? { entry: checked.entry, facts: data.facts } : undefined}
          />
        </Section>
        {data.groups.length > 0 && (
          <Section title="Who decides">
            <GroupSeats asked={data} progress={progress} isOpen={data.status === 'Pending'} />
          </Section>
        )}
      </div>
      <CancelDialog activity={data} open={cancelling} onOpenChange={setCancelling} />
    </article>
  );
};
