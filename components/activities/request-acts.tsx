'use client';

import { RotateCcw, Undo2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useIsWaiting } from '@/components/approvals/waits-until';
import { Button } from '@/components/ui/button';
import { useHotkeys } from '@/components/ui/hotkeys';
import { ASK_AGAIN } from '@/lib/client/activities';
import { useMay, useSession } from '@/lib/client/session';
import type { ActivityDetail, ChangeRequest } from '@/lib/client/shapes';
import { getOperation } from '@/lib/contract/table';

const WithdrawDialog = dynamic(() => import('./withdraw-dialog').then((module) => module.WithdrawDialog), {
  ssr: false,
});
const WithdrawChangeDialog = dynamic(() => import('./withdraw-dialog').then((module) => module.WithdrawChangeDialog), {
  ssr: false,
});
const AskAgainDialog = dynamic(() => import('./ask-again-dialog').then((module) => module.AskAgainDialog), {
  ssr: false,
});

const MAY_ABORT: Readonly<Record<ActivityDetail['kind'], string>> = {
  Transfer: 'Wallets:Transfers:Abort',
  Transaction: 'Wallets:Transactions:Abort',
  Signature: 'Wallets:Transactions:Abort',
};

const WithdrawButton = ({ onClick }: { onClick: () => void }) => {
  useHotkeys([{ keys: 'w', label: 'Withdraw', group: 'This request', run: onClick }]);
  return (
    <Button look="dangerQuiet" onClick={onClick}>
      <Undo2 aria-hidden />
      Withdraw
    </Button>
  );
};

/** Ended with nothing signed: only such a request can be asked for again. */
const isEndedUnsigned = ({ status, request }: ActivityDetail): boolean => {
  const isSigned = ('txHash' in request && request.txHash) || ('signature' in request && request.signature);
  const isReplaced = 'replacementId' in request && request.replacementId !== undefined;
  return (status === 'Rejected' || status === 'Failed') && !isSigned && !isReplaced;
};

const AskAgain = ({ activity, body }: { activity: ActivityDetail; body: unknown }) => {
  const [asking, setAsking] = useState(false);
  const isMine = useSession().data?.userId === activity.requester.userId;
  const needed = getOperation(ASK_AGAIN[activity.kind].operation).permission ?? [];
  const may = useMay(...needed);
  if (!may)
    return isMine ? <span className="self-center text-faint text-xs">Asking again needs {needed[0]}</span> : null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <RotateCcw aria-hidden />
        Ask again
      </Button>
      {asking && <AskAgainDialog activity={activity} body={body} onClose={() => setAsking(false)} />}
    </>
  );
};

/**
 * Taking a request back while nothing is reserved for it, and asking again for one that ended.
 * @param body As the request’s ledger entry holds it.
 */
export const RequestActs = ({ activity, body }: { activity: ActivityDetail; body: unknown }) => {
  const [withdrawing, setWithdrawing] = useState(false);
  const isMine = useSession().data?.userId === activity.requester.userId;
  const mayForOthers = useMay(MAY_ABORT[activity.kind]);
  const isWaiting = useIsWaiting(activity.notBefore);
  const isOpen = activity.status === 'Pending' || (activity.status === 'Executing' && isWaiting);
  const { kind } = activity.request.requestBody;
  const isReplacement = kind === 'CancelTransaction' || kind === 'SpeedUpTransaction';
  const canWithdraw = isOpen && (isMine || mayForOthers);
  return (
    <>
      {canWithdraw && <WithdrawButton onClick={() => setWithdrawing(true)} />}
      {isEndedUnsigned(activity) && activity.walletId !== undefined && !isReplacement && (
        <AskAgain activity={activity} body={body} />
      )}
      {withdrawing && <WithdrawDialog activity={activity} isMine={isMine} onClose={() => setWithdrawing(false)} />}
    </>
  );
};

/** The same of a change of governance, which only its requester takes back. */
export const WithdrawChange = ({ change }: { change: ChangeRequest }) => {
  const [withdrawing, setWithdrawing] = useState(false);
  const isMine = useSession().data?.userId === change.requester.userId;
  return (
    <>
      {isMine && change.status === 'Pending' && <WithdrawButton onClick={() => setWithdrawing(true)} />}
      {withdrawing && <WithdrawChangeDialog change={change} onClose={() => setWithdrawing(false)} />}
    </>
  );
};
