'use client';

import { Alternatives } from '@/components/approvals/alternatives';
import { AwaitedNames } from '@/components/approvals/awaited';
import { Notice } from '@/components/ui/notice';
import { useSimulation } from '@/lib/client/decisions';
import type { TransferBody } from '@/lib/client/shapes';

const TITLE = {
  Allow: 'The policies let this go at once',
  RequestApproval: 'This will wait for approval',
  Block: 'A policy will block this',
} as const;
const TONE = { Allow: 'neutral', RequestApproval: 'pending', Block: 'bad' } as const;

/** What the policies would say to a transfer as it is typed. @param body Null while it can't be sent yet. */
export const PolicyPreview = ({ walletId, body }: { walletId: string; body: TransferBody | null }) => {
  const request = body ? ({ kind: 'Transfer', walletId, body: { ...body } } as const) : null;
  const { data: trace, error } = useSimulation(request);
  if (!request) return null;
  if (error) return <p className="text-muted text-xs">What the policies say is not known: {error.message}</p>;
  if (!trace) return <p className="text-muted text-xs">Asking the policies…</p>;
  const asking = trace.policies.filter((policy) => trace.decidedBy.includes(policy.policyId));
  return (
    <div aria-live="polite">
      <Notice tone={TONE[trace.outcome]} title={TITLE[trace.outcome]}>
        <div className="space-y-2">
          {asking.map((policy) => (
            <p key={policy.policyId}>
              <span className="font-medium">{policy.name}</span>: {policy.reason}
            </p>
          ))}
          {trace.groups.map(({ policyId, index, quorum, approvers }) => (
            <p key={`${policyId} ${index}`}>
              {quorum} of{' '}
              {approvers.userId ? (
                <AwaitedNames people={approvers.userId.in.map((userId) => ({ userId, holders: [] }))} />
              ) : (
                'all people'
              )}{' '}
              must approve.
            </p>
          ))}
          {trace.outcome !== 'Allow' && <Alternatives trace={trace} />}
        </div>
      </Notice>
    </div>
  );
};
