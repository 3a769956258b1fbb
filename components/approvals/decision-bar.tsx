'use client';

import { KeyRound, X } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { use, useEffect, useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { useCharacterKeys } from '@/components/ui/character-keys';
import { useHotkeys } from '@/components/ui/hotkeys';
import { Kbd } from '@/components/ui/kbd';
import { ListOrder } from '@/components/ui/list-order';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/components/ui/toast';
import { useDecide } from '@/lib/client/approvals';
import { useDelegations } from '@/lib/client/delegations';
import { wouldSitFor } from '@/lib/client/seats';
import { useMay, useSession } from '@/lib/client/session';
import type { Approval, Policy } from '@/lib/client/shapes';
import { loadSigning } from '@/lib/client/use-signed';
import type { GroupProgress } from '@/lib/policy/quorum';
import { type Decidable, decisionContext } from '@/lib/verifying/decision-context';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { nextInList } from './next-in-list';
import { RejectDialog } from './reject-dialog';
import { standingOf } from './standing';
import { useApprovalText } from './use-approval-text';
import { useNameOf } from './use-names-of';
import { type AskedApproval, useOpenMs } from './use-seats';

type DecisionBarProps = {
  approval: Approval;
  /** Read from the ledger entry in this browser. */
  subject: Decidable;
  policies: readonly Policy[];
  asked: AskedApproval;
  /** The same as seats. */
  progress: readonly GroupProgress[];
};

/** Approve or reject with a passkey. Afterwards the next item that waits for the reader takes the pane. */
export const DecisionBar = ({ approval, subject, policies, asked, progress }: DecisionBarProps) => {
  const router = useRouter();
  const userId = useSession().data?.userId ?? '';
  const mayApprove = useMay('Policies:Approvals:Approve');
  const params = useSearchParams();
  const query = params.toString();
  const isOfNeedsMe = (params.get('view') ?? 'needsMe') === 'needsMe';
  const order = use(ListOrder);
  const textOf = useApprovalText();
  const decide = useDecide();
  const [rejecting, setRejecting] = useState(false);
  useEffect(() => void loadSigning(), []);
  const delegations = useDelegations({ current: 'true' }).table.rows;
  const openMs = useOpenMs(asked.dateAsked);
  const nameOf = useNameOf();
  const hasKeys = useCharacterKeys();
  const holders = wouldSitFor(userId, progress);
  const standing = standingOf({ ...asked, initiatorId: approval.initiatorId, userId, mayApprove, delegations, openMs });
  const differs = decide.error instanceof StatementDiffersError;

  const send = (value: 'Approved' | 'Denied', reason?: string) => {
    // Read before the answer: by then this one may have left the list. A list of what waits for others has no next one.
    const next = isOfNeedsMe ? nextInList(order?.current ?? [], approval.id) : null;
    decide.mutate(
      {
        params: { approvalId: approval.id },
        body: { value, ...(reason && { reason }) },
        context: decisionContext(subject, policies),
      },
      {
        onSuccess: () => {
          setRejecting(false);
          toast.done(value === 'Approved' ? 'You approved' : 'You rejected', textOf(approval));
          if (next) router.push(`/console/approvals/${next}${query ? `?${query}` : ''}`, { scroll: false });
        },
      },
    );
  };
  const canApprove = standing.canApprove && !differs && !decide.isPending;
  useHotkeys([
    { keys: 'a', label: 'Approve with passkey', group: 'This approval', run: () => canApprove && send('Approved') },
    { keys: 'r', label: 'Reject', group: 'This approval', run: () => standing.canReject && setRejecting(true) },
  ]);
  return (
    <footer id="decision" tabIndex={-1} className="sticky bottom-0 space-y-3 border-t bg-surface px-4 py-3 sm:px-6">
      {!rejecting && <SigningProblem error={decide.error} />}
      {standing.note && <Notice title={standing.note} />}
      {standing.canApprove && holders.length > 0 && (
        <p className="text-muted">
          You decide for <span className="text-ink">{holders.map(nameOf).join(' or ')}</span>, who handed their seat
          over to you. Both names are kept.
        </p>
      )}
      {(standing.canApprove || standing.canReject) && (
        <div className="flex flex-wrap items-center gap-2">
          {standing.canApprove && !differs && (
            <Button
              look="primary"
              size="lg"
              busy={decide.isPending}
              disabled={!canApprove}
              onClick={() => send('Approved')}
            >
              <KeyRound aria-hidden />
              Approve with passkey
            </Button>
          )}
          {standing.canReject && (
            <Button look="dangerQuiet" size="lg" disabled={decide.isPending} onClick={() => setRejecting(true)}>
              <X aria-hidden />
              Reject
            </Button>
          )}
          {hasKeys && (
            <span className="ml-auto hidden items-center gap-2 text-faint text-xs sm:flex">
              <Kbd keys="a" /> approve <Kbd keys="r" /> reject <Kbd keys="j" /> next
            </span>
          )}
        </div>
      )}
      <RejectDialog
        open={rejecting}
        onOpenChange={setRejecting}
        busy={decide.isPending}
        error={decide.error}
        onReject={(reason) => send('Denied', reason)}
      />
    </footer>
  );
};
