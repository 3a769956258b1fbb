'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useCancelTransaction, useCancelTransfer } from '@/lib/client/activities';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { WalletUnread } from './wallet-unread';

/** Replaces a broadcast transaction that is not mined yet by one that does nothing. */
export const CancelDialog = ({
  activity,
  open,
  onOpenChange,
}: {
  activity: ActivityDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const router = useRouter();
  const wallet = useWallet(activity.walletId);
  const cancelTransfer = useCancelTransfer();
  const cancelTransaction = useCancelTransaction();
  const mutation = activity.kind === 'Transfer' ? cancelTransfer : cancelTransaction;
  const submit = () => {
    if (!activity.walletId || !wallet.data) return;
    const { network, address } = wallet.data;
    const id: Readonly<Record<string, string>> =
      activity.kind === 'Transfer' ? { transferId: activity.id } : { transactionId: activity.id };
    mutation.mutate(
      {
        params: { walletId: activity.walletId, ...id },
        context: { walletId: activity.walletId, network, ...(address && { address }) },
      },
      {
        onSuccess: (answer) => {
          onOpenChange(false);
          toast.done('Cancel sent', 'Whichever of the two is mined first counts.');
          if (answer.kind === 'done') router.push(`/console/activity/${answer.result.id}`);
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        mutation.reset();
        onOpenChange(next);
      }}
      title="Cancel this transaction?"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Leave it</Button>
          <Button
            look="danger"
            busy={mutation.isPending || (!wallet.data && wallet.isFetching)}
            disabled={!wallet.data}
            onClick={submit}
          >
            <KeyRound aria-hidden />
            Cancel transaction with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          The wallet sends nothing to itself with the same nonce and a higher fee. If that is mined first, this request
          fails and the money stays. If this request is mined first, the money is gone as asked.
        </p>
        <WalletUnread wallet={wallet} />
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};
