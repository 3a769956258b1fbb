'use client';

import { ActivityFacts } from '@/components/activities/activity-facts';
import { EvidenceDrawer } from '@/components/activities/evidence-drawer';
import { Misstated } from '@/components/activities/misstated';
import { Refusals } from '@/components/activities/refusals';
import { RequestActs, WithdrawChange } from '@/components/activities/request-acts';
import { Sentence } from '@/components/activities/sentence';
import { StatusBadge } from '@/components/activities/status-badge';
import { Timeline } from '@/components/activities/timeline';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Person } from '@/components/people/person';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton, FactsSkeleton } from '@/components/ui/skeleton';
import { Time, TimeLeft } from '@/components/ui/time';
import { useApproval } from '@/lib/client/approvals';
import { useCheckedActivity, useCheckedChange } from '@/lib/client/checked';
import { usePolicies } from '@/lib/client/policies';
import { sittingForOthers } from '@/lib/client/seats';
import type { Approval } from '@/lib/client/shapes';
import { subjectOf } from '@/lib/verifying/approval-subject';
import type { Difference } from '@/lib/verifying/difference';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';
import { ApprovalSentence, ChangeSentence } from './approval-sentence';
import { BalanceChange } from './balance-change';
import { ChangeFacts } from './change-facts';
import { DecisionBar } from './decision-bar';
import { GroupSeats } from './group-seats';
import { Reasons } from './reasons';
import { useSeats } from './use-seats';
import { WaitsUntil } from './waits-until';

const Meta = ({ approval }: { approval: Approval }) => (
  <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted">
    <StatusBadge status={approval.status} />
    <Person userId={approval.initiatorId} />
    <span>
      asked <Time at={approval.dateCreated ?? approval.dateUpdated} />
    </span>
    {approval.status === 'Pending' && approval.expirationDate && <TimeLeft until={approval.expirationDate} />}
  </span>
);

const initiator = (entry: OwnEntry, approval: Approval): Difference => ({
  what: 'requester',
  shown: entry.statement.userId,
  asked: approval.initiatorId,
});

/** The approval, on one screen: what is asked, what changes, why it is here, who decides, what happened. */
export const ApprovalDetail = ({ approvalId }: { approvalId: string }) => {
  const { data: approval, error, refetch } = useApproval(approvalId);
  const policies = usePolicies().table.rows;
  const subject = approval ? subjectOf(approval) : null;
  const activity = useCheckedActivity(subject?.kind === 'request' ? subject.id : undefined);
  const change = useCheckedChange(subject?.kind === 'change' ? subject.id : undefined);
  const stated = subject?.kind === 'change' ? change.query.data : activity.query.data;
  const progress = useSeats(stated, approval?.initiatorId ?? '');
  if (error && !approval) return <Problem error={error} what="this approval" onRetry={() => void refetch()} />;
  if (!approval) return <DetailSkeleton />;
  const { query, checked } = subject?.kind === 'change' ? change : activity;
  const read = checked?.ok ? checked : undefined;
  const request = activity.checked?.ok ? activity.checked.value : undefined;
  const asked = change.checked?.ok ? change.checked.value.change : undefined;
  // The people shown as asking must be those who signed the request.
  const isTheirs = !read || read.entry.statement.userId === approval.initiatorId;
  const differences = checked && !checked.ok ? checked.differences : isTheirs ? [] : [initiator(read.entry, approval)];
  const isReadable = read !== undefined && isTheirs;
  const isDecidable = approval.status === 'Pending' && stated !== undefined && isReadable;
  return (
    <article className="flex min-h-full flex-col">
      {isDecidable && (
        <a
          href="#decision"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-surface focus:p-2"
        >
          Skip to the decision
        </a>
      )}
      <PaneHeader
        backHref="/console/approvals"
        backLabel="Approvals"
        meta={<Meta approval={approval} />}
        title={
          <span className="font-normal text-muted">
            {request ? (
              <Sentence activity={request} request={request.request} />
            ) : asked ? (
              <ChangeSentence change={asked} />
            ) : (
              <ApprovalSentence approval={approval} />
            )}
          </span>
        }
        actions={
          <>
            {isReadable && request && <RequestActs activity={request} body={read.entry.body} />}
            {isReadable && asked && <WithdrawChange change={asked} />}
            {stated && <EvidenceDrawer subject={read?.value ?? stated} entry={read?.entry} />}
          </>
        }
      />
      <div className="flex-1 space-y-4 p-4 sm:p-6">
        {!subject && (
          <Notice tone="bad" title="This console can’t read what is asked">
            Don’t approve what you can’t read. Reload the page; if it stays, the server is newer than this console.
          </Notice>
        )}
        {query.error && (
          <Notice tone="pending" title="The decoded request could not be loaded">
            {query.error.message} Until it is shown, it can’t be approved here.
          </Notice>
        )}
        {differences.length > 0 && <Misstated differences={differences} />}
        {activity.query.data && <Refusals activity={activity.query.data} />}
        <WaitsUntil activity={activity.query.data} />
        {differences.length === 0 && (
          <Section title="What changes">
            {request && activity.checked?.ok ? (
              <div className="space-y-4">
                <BalanceChange activity={request} />
                <ActivityFacts activity={request} says={activity.checked.says} />
              </div>
            ) : asked ? (
              <ChangeFacts change={asked} />
            ) : query.error ? (
              <p className="text-muted">Unknown.</p>
            ) : (
              <FactsSkeleton />
            )}
          </Section>
        )}
        <Section title="Why it is here">
          <Reasons
            evaluations={stated?.evaluations ?? approval.policyEvaluations}
            former={stated?.former}
            activityId={stated?.id}
            own={request && read && { entry: read.entry, facts: request.facts }}
          />
        </Section>
        {stated && (
          <Section title="Who decides">
            <GroupSeats asked={stated} progress={progress} isOpen={approval.status === 'Pending'} />
          </Section>
        )}
        {stated && (
          <Section title="Timeline">
            <Timeline steps={stated.timeline} inPlaceOf={sittingForOthers(progress)} />
          </Section>
        )}
      </div>
      {isDecidable && stated && read && (
        <DecisionBar
          approval={approval}
          subject={{ id: stated.id, digest: read.digest, rendering: read.entry.renderingDigest, groups: stated.groups }}
          policies={policies}
          asked={stated}
          progress={progress}
        />
      )}
    </article>
  );
};
