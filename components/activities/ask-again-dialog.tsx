'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/components/ui/toast';
import { ASK_AGAIN, useAskAgain } from '@/lib/client/activities';
import { feeCeilingShown } from '@/lib/client/intent';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { Sentence } from './sentence';

/** The body to sign anew; an external id is used once, so it stays with the former request. */
const bodyAgain = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'externalId'))
    : {};

/**
 * Asks again for a request that was rejected, expired or failed before it was signed.
 * @param body As its ledger entry holds it, read by this browser: what is signed is what was asked.
 */
export const AskAgainDialog = ({
  activity,
  body,
  onClose,
}: {
  activity: ActivityDetail;
  body: unknown;
  onClose: () => void;
}) => {
  const router = useRouter();
  const askAgain = useAskAgain(activity.kind);
  const { data: wallet, error } = useWallet(activity.walletId);
  const { operation, param } = ASK_AGAIN[activity.kind];
  const submit = () => {
    if (!wallet) return;
    const again = bodyAgain(body);
    const feeCeiling = feeCeilingShown(wallet, again, operation);
    askAgain.mutate(
      {
        params: { walletId: wallet.id, [param]: activity.id },
        body: again,
        context: {
          walletId: wallet.id,
          network: wallet.network,
          ...(wallet.address && { address: wallet.address }),
          ...(feeCeiling !== null && { feeCeiling }),
        },
      },
      {
        onSuccess: (answer) => {
          onClose();
          if (answer.kind !== 'done') return;
          const { id, status } = answer.result;
          if (status === 'Pending') toast.note('Asked again', 'It waits for approval like any other request.');
          else toast.done('Asked again', `Now ${status}.`);
          router.push(`/console/activity/${id}`);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Ask for this again?"
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="primary" busy={askAgain.isPending} disabled={!wallet} onClick={submit}>
            <KeyRound aria-hidden />
            Ask again with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p className="text-muted">
          <Sentence activity={activity} request={activity.request} />
        </p>
        <p>
          A new request for exactly this, signed by you. The policies are asked anew, at today’s price and with today’s
          limits; approvals of the former one don’t count. The former one stays as it ended.
        </p>
        {activity.externalId && (
          <p className="text-muted">Its external id “{activity.externalId}” stays with the former request.</p>
        )}
        {error && !wallet && (
          <Notice tone="pending" title="The wallet could not be read">
            {error.message}
          </Notice>
        )}
        <SigningProblem error={askAgain.error} />
      </div>
    </Dialog>
  );
};
