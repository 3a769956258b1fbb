import { mayTakeSeat } from '@/lib/client/seats';
import type { Approval } from '@/lib/client/shapes';
import type { RequiredGroup } from '@/lib/policy/policy';

type Standing = { readonly canApprove: boolean; readonly canReject: boolean; readonly note: string | null };

/** What the reader can do with an approval and why not more. The API decides; this keeps buttons away that it would refuse. */
export const standingOf = ({
  approval,
  groups,
  userId,
  mayApprove,
}: {
  approval: Approval;
  groups: readonly RequiredGroup[];
  userId: string;
  mayApprove: boolean;
}): Standing => {
  const mine = approval.decisions.find((decision) => decision.userId === userId);
  if (mine)
    return {
      canApprove: false,
      canReject: false,
      note: `You ${mine.value === 'Approved' ? 'approved' : 'rejected'} this. It waits for the others.`,
    };
  if (!mayApprove)
    return {
      canApprove: false,
      canReject: false,
      note: 'You can see this but not decide: that needs the permission Policies:Approvals:Approve.',
    };
  const isInitiator = approval.initiatorId === userId;
  const isInGroup = groups.some((group) =>
    mayTakeSeat(group, { userId, isServiceAccount: false }, approval.initiatorId),
  );
  if (isInGroup) return { canApprove: true, canReject: true, note: null };
  if (isInitiator)
    return {
      canApprove: false,
      canReject: true,
      note: 'You asked for this, so others decide. You can still withdraw it by rejecting.',
    };
  return { canApprove: false, canReject: false, note: 'No group that must agree names you.' };
};
