import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { RequiredGroup } from './policy';

/** One decision as it stands now. `live` is false once its credential or permission is gone: it then fills no seat. */
export type Vote = {
  readonly userId: string;
  readonly isServiceAccount: boolean;
  readonly live: boolean;
  readonly value: 'Approved' | 'Denied';
};

/** Somebody who could decide: an active user or service account that may approve at all. */
export type Voter = { readonly userId: string; readonly isServiceAccount: boolean };

/**
 * What the group's own words can't say of a user: registered, active, no end user, holds the permission to approve.
 * Naming, service-account and initiator rules are not its concern; they are applied here.
 */
export type IsEligible = (userId: string, group: RequiredGroup) => boolean;

export type ApprovalInput = {
  readonly groups: readonly RequiredGroup[];
  readonly votes: readonly Vote[];
  readonly initiatorId: string;
  readonly isEligible: IsEligible;
};

declare const atLeastOne: unique symbol;
/** Seats of a group: one or more. No other number can be made, so "0 required" can't be said. */
export type Seats = number & { readonly [atLeastOne]: true };

/** The group's seats; null when its quorum is no whole number from 1 on: such a group can never be filled. */
export const seatsOf = (group: Pick<RequiredGroup, 'quorum'>): Seats | null =>
  Number.isSafeInteger(group.quorum) && group.quorum >= 1 ? (group.quorum as Seats) : null;

/**
 * The one quorum function of API and signers. Approved only when there is at least one group, every group has its quorum of distinct
 * live eligible approvers, and nobody denied. A vote counts in every group that names its user.
 */
export const judgeApproval = (input: ApprovalInput): 'Pending' | 'Approved' => {
  if (input.groups.length === 0 || input.votes.some((vote) => vote.value === 'Denied')) return 'Pending';
  return input.groups.every((group) => isFilled(group, seatedIn(group, input))) ? 'Approved' : 'Pending';
};

/** How one group stands, for the people who look at it. */
export type GroupProgress = {
  readonly group: RequiredGroup;
  /** Seats to fill; null when the group can never be filled. */
  readonly required: Seats | null;
  /** Users whose approval counts here. */
  readonly approvedBy: readonly string[];
  readonly openSeats: number;
  readonly isFilled: boolean;
  /** Users who could take one of the open seats; empty when filled. */
  readonly awaited: readonly string[];
  /** False when fewer people are left than seats are open. */
  readonly isReachable: boolean;
};

/** Facts of each group. @param voters Everybody who may approve at all. */
export const approvalProgress = (input: ApprovalInput & { readonly voters: readonly Voter[] }): GroupProgress[] =>
  input.groups.map((group) => {
    const approvedBy = seatedIn(group, input);
    const required = seatsOf(group);
    const filled = isFilled(group, approvedBy);
    const openSeats = required === null ? 0 : Math.max(0, required - approvedBy.length);
    const voted = new Set(input.votes.filter((vote) => vote.live).map((vote) => vote.userId));
    const free = input.voters.filter((voter) => !voted.has(voter.userId) && canSit(group, voter, input));
    const awaited = filled ? [] : distinct(free.map((voter) => voter.userId));
    return {
      group,
      required,
      approvedBy,
      openSeats,
      isFilled: filled,
      awaited,
      isReachable: filled || (required !== null && awaited.length >= openSeats),
    };
  });

/** Whether a vote of this voter with that value may be written down. The permission and the approval's state are asked elsewhere. */
export const mayDecide = (
  input: ApprovalInput & { readonly voter: Voter; readonly value: Vote['value'] },
): Outcome<true> => {
  const { voter, value, initiatorId, groups } = input;
  if (input.votes.some((vote) => vote.live && vote.userId === voter.userId))
    return refused(409, 'policy.already_decided', 'This user has already decided on this approval.');
  const isInitiator = voter.userId === initiatorId;
  if (isInitiator && value === 'Denied') return accepted(true);
  // Denying needs a seat as well, but the initiator rule is only about approving one's own request.
  if (groups.some((group) => canSit(group, voter, input))) return accepted(true);
  return isInitiator
    ? refused(403, 'policy.initiator_cannot_approve', 'The initiator of an activity cannot approve it.')
    : refused(403, 'policy.not_an_approver', 'This user is not an approver of this approval.');
};

/** Whether the group's own words let the user take one of its seats. */
export const isNamed = (group: RequiredGroup, voter: Voter, initiatorId: string | null): boolean => {
  if (voter.userId === initiatorId && group.initiatorCanApprove !== true) return false;
  const listed = group.approvers.userId;
  if (listed === undefined) return !voter.isServiceAccount;
  if (!Array.isArray(listed.in) || !listed.in.includes(voter.userId)) return false;
  return !voter.isServiceAccount || group.serviceAccountsCanApprove === true;
};

const canSit = (
  group: RequiredGroup,
  voter: Voter,
  input: Pick<ApprovalInput, 'initiatorId' | 'isEligible'>,
): boolean => isNamed(group, voter, input.initiatorId) && input.isEligible(voter.userId, group);

const seatedIn = (group: RequiredGroup, input: ApprovalInput): string[] =>
  distinct(
    input.votes
      .filter((vote) => vote.live && vote.value === 'Approved' && canSit(group, vote, input))
      .map((vote) => vote.userId),
  );

const isFilled = (group: RequiredGroup, approvedBy: readonly string[]): boolean => {
  const seats = seatsOf(group);
  return seats !== null && approvedBy.length >= seats;
};

const distinct = (users: readonly string[]): string[] => [...new Set(users)];
