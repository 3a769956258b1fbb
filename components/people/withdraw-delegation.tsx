'use client';

import { KeyRound } from 'lucide-react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useRevokeDelegation } from '@/lib/client/delegations';
import type { Delegation } from '@/lib/client/shapes';
import { Person } from './person';

/** Ends a delegation at once. */
export const WithdrawDelegation = ({ delegation, onClose }: { delegation: Delegation; onClose: () => void }) => {
  const revoke = useRevokeDelegation();
  const submit = () =>
    revoke.mutate(
      { params: { delegationId: delegation.id } },
      {
        onSuccess: () => {
          toast.done('Seats are back', 'From now on nobody decides in their place.');
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Take the seats back?"
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="danger" busy={revoke.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Withdraw with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          From now on <Person userId={delegation.toUserId} /> decides no more for <Person userId={delegation.userId} />.
          Approvals already given so count no more where nothing was signed on them yet.
        </p>
        <SigningProblem error={revoke.error} />
      </div>
    </Dialog>
  );
};
