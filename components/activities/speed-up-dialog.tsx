'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Amount } from '@/components/ui/amount';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/components/ui/toast';
import type { ActivityDetail } from '@/lib/client/shapes';
import { useSpeedUpCosts, useSpeedUpTransaction, useSpeedUpTransfer } from '@/lib/client/speed-up';
import { useWallet } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import { WalletUnread } from './wallet-unread';

/**
 * Sends a broadcast transaction that is not mined yet once more at a higher fee.
 * @param activity As this browser read it from its ledger entry: the passkey signs for that entry's digest and fee ceiling.
 */
export const SpeedUpDialog = ({ activity, onClose }: { activity: ActivityDetail; onClose: () => void }) => {
  const router = useRouter();
  const wallet = useWallet(activity.walletId);
  const speedUpTransfer = useSpeedUpTransfer();
  const speedUpTransaction = useSpeedUpTransaction();
  const mutation = activity.kind === 'Transfer' ? speedUpTransfer : speedUpTransaction;
  const costs = useSpeedUpCosts(activity);
  const { feeCeiling } = activity.facts;
  const native = findNetwork(activity.facts.network)?.native;
  const fee = (base: string) => <Amount base={base} decimals={native?.decimals ?? null} symbol={native?.symbol} />;
  const submit = () => {
    if (!activity.walletId || !wallet.data) return;
    const { network, address } = wallet.data;
    const id: Readonly<Record<string, string>> =
      activity.kind === 'Transfer' ? { transferId: activity.id } : { transactionId: activity.id };
    mutation.mutate(
      {
        params: { walletId: activity.walletId, ...id },
        context: {
          walletId: activity.walletId,
          network,
          ...(address && { address }),
          ...(feeCeiling !== null && { feeCeiling }),
          activityId: activity.repeats?.id ?? activity.id,
          activityDigest: activity.repeats?.digest ?? activity.digest,
        },
      },
      {
        onSuccess: (answer) => {
          onClose();
          toast.done('Speed-up sent', 'Whichever of the two is mined first counts; only one ever is.');
          if (answer.kind === 'done') router.push(`/console/activity/${answer.result.id}`);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Speed this transaction up?"
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            look="primary"
            busy={mutation.isPending || (!wallet.data && wallet.isFetching)}
            disabled={!wallet.data || costs?.isAboveCeiling}
            onClick={submit}
          >
            <KeyRound aria-hidden />
            Speed up with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          The same transaction is signed once more with the same nonce and a higher fee: same recipient, same amount.
          Only one of the two is ever mined.
        </p>
        <FactsList
          rows={[
            fact('Fee now, at most', costs && fee(costs.before)),
            fact('New fee, at most about', costs && fee(costs.after)),
            fact('Fee ceiling', feeCeiling === null ? null : fee(feeCeiling)),
          ]}
        />
        {costs?.isAboveCeiling && (
          <Notice tone="bad" title="Above what was approved">
            A replacement has to offer a tenth more, and the fee ceiling of this request leaves no room for it. Cancel
            the transaction and ask again.
          </Notice>
        )}
        <WalletUnread wallet={wallet} />
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};
