'use client';

import { ChangeSentence } from '@/components/approvals/approval-sentence';
import { Withdrawal } from '@/components/frame/withdrawal';
import { toast } from '@/components/ui/toast';
import { useWithdrawChange, useWithdrawRequest } from '@/lib/client/activities';
import type { ActivityDetail, ChangeRequest } from '@/lib/client/shapes';
import { Sentence } from './sentence';

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
    <Withdrawal
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
    </Withdrawal>
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
    <Withdrawal
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
    </Withdrawal>
  );
};
