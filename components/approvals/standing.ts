import { holdersFor, mayDecide, type ShownDecision } from '@/lib/client/seats';
import type { Delegation } from '@/lib/client/shapes';
import type { RequiredGroup } from '@/lib/policy/policy';
import type { Vote } from '@/lib/policy/quorum';

type Standing = {
  readonly canApprove: boolean;
  readonly canReject: boolean;
  readonly note: string | null;
};

type Input = {
  readonly groups: readonly RequiredGroup[];
  readonly decisions: readonly ShownDecision[];
  readonly initiatorId: string;
  readonly userId: string;
  readonly mayApprove: boolean;
  /** Seats handed over now. */
  readonly delegations: readonly Delegation[];
  /** How long people have been asked, milliseconds. */
  readonly openMs: number;
};

const only = (note: string): Standing => ({ canApprove: false, canReject: false, note });

const isLive = (decision: ShownDecision): boolean => decision.live !== false;

const voteOf = ({ userId, value, inPlaceOf }: ShownDecision): Vote => ({
  userId,
  value,
  isServiceAccount: false,
  live: true,
  ...(inPlaceOf && { inPlaceOf }),
});

/** What the reader can do with an approval and why not more. The API decides; this keeps buttons away that it would refuse. */
export const standingOf = ({
  groups,
  decisions,
  initiatorId,
  userId,
  mayApprove,
  delegations,
  openMs,
}: Input): Standing => {
  const live = decisions.filter(isLive);
  const mine = live.find((decision) => decision.userId === userId);
  if (mine) return only(`You ${mine.value === 'Approved' ? 'approved' : 'rejected'} this. It waits for the others.`);
  if (!mayApprove)
    return only('You can see this but not decide: that needs the permission Policies:Approvals:Approve.');
  const voter = { userId, isServiceAccount: false, inPlaceOf: holdersFor(userId, delegations) };
  const asked = { groups, votes: live.map(voteOf), initiatorId, isEligible: () => true, openMs };
  const may = mayDecide({ ...asked, voter, value: 'Approved' });
  if (may.ok) return { canApprove: true, canReject: true, note: null };
  if (initiatorId === userId)
    return only('You asked for this, so others decide. Until it is signed you can withdraw it.');
  const later = groups.find((group) => group.escalation?.approvers.userId.in.includes(userId));
  if (later) return only('You are asked only if it takes long; see below who decides.');
  return may.refusal.code === 'policy.seat_taken'
    ? only('Who handed their seat over to you has decided themself.')
    : only('No group that must agree names you.');
};
