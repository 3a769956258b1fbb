'use client';

import { ActivityFacts } from '@/components/activities/activity-facts';
import { EvidenceDrawer } from '@/components/activities/evidence-drawer';
import { Sentence } from '@/components/activities/sentence';
import { StatusBadge } from '@/components/activities/status-badge';
import { Timeline } from '@/components/activities/timeline';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Person } from '@/components/people/person';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time, TimeLeft } from '@/components/ui/time';
import { useActivity } from '@/lib/client/activities';
import { groupsOf, subjectOf } from '@/lib/client/approval-subject';
import { useApproval } from '@/lib/client/approvals';
import { checkFacts } from '@/lib/client/intent';
import { usePolicies } from '@/lib/client/policies';
import type { Approval } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { ApprovalSentence } from './approval-sentence';
import { BalanceChange } from './balance-change';
import { ChangeFacts } from './change-facts';
import { DecisionBar } from './decision-bar';
import { GroupSeats } from './group-seats';
import { Reasons } from './reasons';

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

/** The approval, on one screen: what is asked, what changes, why it is here, who decides, what happened. */
export const ApprovalDetail = ({ approvalId }: { approvalId: string }) => {
  const { data: approval, error, refetch } = useApproval(approvalId);
  const policies = usePolicies().table.rows;
  const subject = approval ? subjectOf(approval) : null;
  const activity = useActivity(subject?.kind === 'request' ? subject.id : undefined);
  const wallet = useWallet(activity.data?.walletId).data;
  if (error && !approval) return <Problem error={error} what="this approval" onRetry={() => void refetch()} />;
  if (!approval) return <DetailSkeleton />;
  const detail = activity.data;
  const misstated = detail && wallet ? (checkFacts(detail, wallet) ?? []) : [];
  const groups = detail?.groups ?? groupsOf(approval, policies);
  return (
    <article className="flex min-h-full flex-col">
      <PaneHeader
        backHref="/console/approvals"
        backLabel="Approvals"
        meta={<Meta approval={approval} />}
        title={
          <span className="font-normal text-muted">
            {detail ? (
              <Sentence activity={detail} request={detail.request} />
            ) : (
              <ApprovalSentence approval={approval} />
            )}
          </span>
        }
        actions={detail && <EvidenceDrawer activity={detail} />}
      />
      <div className="flex-1 space-y-4 p-4 sm:p-6">
        {!subject && (
          <Notice tone="bad" title="This console can’t read what is asked">
            Don’t approve what you can’t read. Reload the page; if it stays, the server is newer than this console.
          </Notice>
        )}
        {activity.error && (
          <Notice tone="pending" title="The decoded request could not be loaded">
            {activity.error.message} Until it is shown, it can’t be approved here.
          </Notice>
        )}
        {misstated.length > 0 && (
          <Notice tone="bad" title="The server describes this request wrongly. Don’t approve it.">
            Decoded in this browser, the request says otherwise:{' '}
            {misstated.map((one) => `${one.what} is ${one.shown}, the server says ${one.asked}`).join('; ')}.
          </Notice>
        )}
        <Section title="What changes">
          {subject?.kind === 'change' ? (
            <ChangeFacts change={subject.change} />
          ) : detail ? (
            <div className="space-y-4">
              <BalanceChange activity={detail} />
              <ActivityFacts activity={detail} />
            </div>
          ) : (
            <p className="text-muted">Decoding…</p>
          )}
        </Section>
        <Section title="Why it is here">
          <Reasons evaluations={detail?.evaluations ?? approval.policyEvaluations} />
        </Section>
        <Section title="Who decides">
          <GroupSeats
            groups={groups}
            decisions={detail?.decisions ?? approval.decisions}
            initiatorId={approval.initiatorId}
            isOpen={approval.status === 'Pending'}
          />
        </Section>
        {detail && (
          <Section title="Timeline">
            <Timeline steps={detail.timeline} />
          </Section>
        )}
      </div>
      {approval.status === 'Pending' && subject && misstated.length === 0 && (
        <DecisionBar approval={approval} subject={subject} detail={detail} policies={policies} groups={groups} />
      )}
    </article>
  );
};
