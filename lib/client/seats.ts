import type { RequiredGroup } from '@/lib/policy/policy';
import { approvalProgress, type GroupProgress, mayDecide, standInsOf, type Vote } from '@/lib/policy/quorum';
import { mayDo } from './may-do';
import type { Delegation, ServiceAccount, User } from './shapes';

export type ShownDecision = {
  readonly userId: string;
  readonly value: 'Approved' | 'Denied';
  readonly reason: string | null;
  readonly date: string;
  readonly live?: boolean;
  readonly inPlaceOf?: readonly string[];
};

type SeatsInput = {
  readonly groups: readonly RequiredGroup[];
  readonly decisions: readonly ShownDecision[];
  readonly initiatorId: string;
  readonly people: readonly User[];
  readonly serviceAccounts: readonly ServiceAccount[];
  /** Seats handed over now. */
  readonly delegations: readonly Delegation[];
  /** How long people have been asked, milliseconds. */
  readonly openMs: number;
  /** In a strict organisation each person counts once across groups. */
  readonly strict: boolean;
};

/** Whose seats the user could take now. */
export const holdersFor = (userId: string, delegations: readonly Delegation[]): readonly string[] =>
  delegations.filter((one) => one.toUserId === userId && one.status === 'Active').map((one) => one.userId);

/** Whose seats the user would take where they have none of their own. */
export const wouldSitFor = (userId: string, progress: readonly GroupProgress[]): readonly string[] => [
  ...new Set(
    progress
      .flatMap(({ couldTake }) => standInsOf(couldTake))
      .filter(({ takenBy }) => takenBy === userId)
      .map(({ holder }) => holder),
  ),
];

/** Who sits in seats of others, each with the holders of those seats. */
export const sittingForOthers = (progress: readonly GroupProgress[]): ReadonlyMap<string, readonly string[]> => {
  const sitting = new Map<string, readonly string[]>();
  for (const { holder, takenBy } of progress.flatMap((one) => one.seats))
    if (holder !== takenBy) sitting.set(takenBy, [...new Set([...(sitting.get(takenBy) ?? []), holder])]);
  return sitting;
};

/**
 * Seats of each group, filled and open, by the quorum function that API and signers use. Who is awaited is what this page
 * knows of people and their roles; the API and the signers decide.
 */
export const seats = ({
  groups,
  decisions,
  initiatorId,
  people,
  serviceAccounts,
  delegations,
  openMs,
  strict,
}: SeatsInput): readonly GroupProgress[] => {
  const everybody = [...people, ...serviceAccounts.map((account) => ({ ...account.userInfo, isSSORequired: false }))];
  const byId = new Map(everybody.map((one) => [one.userId, one]));
  const listed = new Set(groups.flatMap((group) => group.approvers.userId?.in ?? []));
  const canApprove = (userId: string): boolean => {
    const one = byId.get(userId);
    // Somebody the reader may not see: named by a policy, so probably able to; the API knows.
    if (!one) return true;
    return (
      one.isActive && one.isRegistered && one.kind === 'CustomerEmployee' && mayDo(one, ['Policies:Approvals:Approve'])
    );
  };
  for (const group of groups) for (const id of group.escalation?.approvers.userId.in ?? []) listed.add(id);
  for (const { toUserId } of delegations) listed.add(toUserId);
  const unseen = [...listed]
    .filter((userId) => !byId.has(userId))
    .map((userId) => ({ userId, isServiceAccount: false }));
  const votes: Vote[] = decisions.map((decision) => ({
    userId: decision.userId,
    isServiceAccount: byId.get(decision.userId)?.isServiceAccount ?? false,
    live: decision.live ?? true,
    value: decision.value,
    ...(decision.inPlaceOf ? { inPlaceOf: decision.inPlaceOf } : {}),
  }));
  return approvalProgress({
    groups,
    votes,
    initiatorId,
    // A vote that was accepted came from somebody who could give it.
    isEligible: (userId) => votes.some((vote) => vote.userId === userId) || canApprove(userId),
    voters: [...everybody.map(({ userId, isServiceAccount }) => ({ userId, isServiceAccount })), ...unseen]
      .filter((voter) => canApprove(voter.userId))
      .map((voter) => ({ ...voter, inPlaceOf: holdersFor(voter.userId, delegations) })),
    openMs,
    distinct: strict ? 'acrossGroups' : 'perGroup',
  });
};

/** Of those awaited, whose seat somebody without one of their own would take; the rule of API and signers for who may decide. */
export { mayDecide, standInsOf };
