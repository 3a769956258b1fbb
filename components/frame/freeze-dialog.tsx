'use client';

import { KeyRound } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useFreeze, useUnfreeze } from '@/lib/client/organisation';
import { SigningProblem } from './signing-problem';

type FreezeDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  isFrozen: boolean;
  /** Without a wallet id: the whole organisation. */
  subject: { readonly name: string; readonly walletId?: string };
};

export const FreezeDialog = ({ open, onOpenChange, isFrozen, subject }: FreezeDialogProps) => {
  const freeze = useFreeze();
  const unfreeze = useUnfreeze();
  const verb = isFrozen ? 'Unfreeze' : 'Freeze';
  const mutation = isFrozen ? unfreeze : freeze;
  const body = subject.walletId ? { walletId: subject.walletId } : {};
  const close = (next: boolean) => {
    mutation.reset();
    onOpenChange(next);
  };
  const submit = () => {
    if (isFrozen)
      unfreeze.mutate(
        { body },
        {
          onSuccess: (answer) => {
            if (answer.kind === 'waits')
              toast.note('Waiting for approval', `Unfreezing ${subject.name} is governed; it is in the approvals.`);
            else toast.done(`Unfroze ${subject.name}`);
            close(false);
          },
        },
      );
    else
      freeze.mutate(
        { body },
        {
          onSuccess: () => {
            toast.done(`Froze ${subject.name}`, 'Signers refuse from now on.');
            close(false);
          },
        },
      );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={`${verb} ${subject.name}?`}
      footer={
        <>
          <Button onClick={() => close(false)}>Keep it as it is</Button>
          <Button look={isFrozen ? 'primary' : 'danger'} busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {verb} {subject.walletId ? 'wallet' : 'organisation'} with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {isFrozen ? (
          <p>
            Requests can be made and signed again. If a policy governs <em>Policies:Modify</em>, this waits for its
            approvers first.
          </p>
        ) : (
          <>
            <p>
              {subject.walletId ? 'Nothing leaves this wallet' : 'No wallet of the organisation signs anything'} until
              it is unfrozen: the server refuses new requests, and every signer refuses to take part, also in what is
              already approved.
            </p>
            <p className="text-muted">
              What is already broadcast can’t be stopped. Reading and approving changes stay possible.
            </p>
          </>
        )}
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};
