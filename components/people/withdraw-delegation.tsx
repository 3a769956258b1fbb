'use client';

import { Withdrawal } from '@/components/frame/withdrawal';
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
    <Withdrawal
      title="Take the seats back?"
      verb="Take back"
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>
        From now on <Person userId={delegation.toUserId} /> decides no more for <Person userId={delegation.userId} />.
        Approvals already given so count no more where nothing was signed on them yet.
      </p>
    </Withdrawal>
  );
};
