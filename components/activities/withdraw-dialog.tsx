'use client';

import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { ChangeSentence } from '@/components/approvals/approval-sentence';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useWithdrawChange, useWithdrawRequest } from '@/lib/client/activities';
import type { ActivityDetail, ChangeRequest } from '@/lib/client/shapes';
import { Sentence } from './sentence';

type AskedProps = {
  title: string;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
};

const Asked = ({ title, busy, error, onClose, onSubmit, children }: AskedProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    title={title}
    footer={
      <>
        <Button onClick={onClose}>Leave it</Button>
        <Button look="danger" busy={busy} onClick={onSubmit}>
          <KeyRound aria-hidden />
          Withdraw with passkey
        </Button>
      </>
    }
  >
    <div className="space-y-3">
      {children}
      <SigningProblem error={error} />
    </div>
  </Dialog>
);

/** Ends a request before anything of it is signed. */
export const WithdrawDialog = ({
  activity,
  isMine,
  onClose,
}: {
  activity: ActivityDetail;
  isMine: boolean;
  onClose: () => void;
}) => {
  const withdraw = useWithdrawRequest();
  const submit = () =>
    withdraw.mutate(
      { params: { activityId: activity.id } },
      {
        onSuccess: () => {
          toast.done('Withdrawn', 'Nothing of it was signed. It can be asked for again.');
          onClose();
        },
      },
    );
  return (
    <Asked
      title="Withdraw this request?"
      busy={withdraw.isPending}
      error={withdraw.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-muted">
        <Sentence activity={activity} request={activity.request} />
      </p>
      <p>
        It ends here, whoever approved, and no signer signs it. What it took of limits over time is free again.
        {!isMine && ' Somebody else asked for it; they read that it was withdrawn.'}
      </p>
    </Asked>
  );
};

/** Takes back a change of governance that waits for approval. */
export const WithdrawChangeDialog = ({ change, onClose }: { change: ChangeRequest; onClose: () => void }) => {
  const withdraw = useWithdrawChange();
  const submit = () =>
    withdraw.mutate(
      { params: { changeRequestId: change.id } },
      {
        onSuccess: () => {
          toast.done('Withdrawn', 'Nothing was changed.');
          onClose();
        },
      },
    );
  return (
    <Asked
      title="Withdraw this change?"
      busy={withdraw.isPending}
      error={withdraw.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-muted">
        <ChangeSentence change={change} />
      </p>
      <p>It ends here, whoever approved. Everything stays as it is, and the change can be asked for anew.</p>
    </Asked>
  );
};
