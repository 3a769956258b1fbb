import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { RequiredGroup } from './policy';
import { namedIn, type Seat, seatPeople } from './seats';

/** Somebody who could decide: an active user or service account that may approve at all. */
export type Voter = {
  readonly userId: string;
  readonly isServiceAccount: boolean;
  /** People who handed their seats over to this one for now. */
  readonly inPlaceOf?: readonly string[];
};

/** One decision as it stands now. `live` is false once its credential or permission is gone: it then fills no seat. */
export type Vote = Voter & { readonly live: boolean; readonly value: 'Approved' | 'Denied' };

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
  /** How long the approval has been open, milliseconds: groups name more people after a time. */
  readonly openMs?: number;
  /** Whether one person may sit in several groups; `perGroup` where it is not said. */
  readonly distinct?: 'perGroup' | 'acrossGroups';
};

declare const atLeastOne: unique symbol;
/** Seats of a group: one or more. No other number can be made, so "0 required" can't be said. */
export type Seats = number & { readonly [atLeastOne]: true };

/** The group's seats; null when its quorum is no whole number from 1 on: such a group can never be filled. */
export const seatsOf = (group: Pick<RequiredGroup, 'quorum'>): Seats | null =>
  Number.isSafeInteger(group.quorum) && group.quorum >= 1 ? (group.quorum as Seats) : null;

/**
 * The one quorum function of API and signers. Approved only when there is at least one group, every group has its quorum of distinct
 * live eligible approvers in distinct seats, and nobody denied. A vote counts in every group that names its user, unless people must be
 * distinct across groups.
 */
export const judgeApproval = (input: ApprovalInput): 'Pending' | 'Approved' => {
  if (input.groups.length === 0 || input.votes.some((vote) => vote.value === 'Denied')) return 'Pending';
  const seated = seatedBy(input, approving(input));
  return input.groups.every((group, index) => isFilled(group, seated[index] ?? [])) ? 'Approved' : 'Pending';
};

/** How one group stands, for the people who look at it. */
export type GroupProgress = {
  readonly group: RequiredGroup;
  /** Seats to fill; null when the group can never be filled. */
  readonly required: Seats | null;
  /** Users whose approval counts here. */
  readonly approvedBy: readonly string[];
  /** The same with the seat each of them sits in. */
  readonly seats: readonly Seat[];
  readonly openSeats: number;
  readonly isFilled: boolean;
  /** Users who could take one of the open seats; empty when filled. */
  readonly awaited: readonly string[];
  /** The same with every open seat they could take: their own, or one handed over to them. */
  readonly couldTake: readonly Seat[];
  /** False when fewer people are left than seats are open. */
  readonly isReachable: boolean;
};

/** Facts of each group. @param voters Everybody who may approve at all. */
export const approvalProgress = (input: ApprovalInput & { readonly voters: readonly Voter[] }): GroupProgress[] => {
  const given = approving(input);
  const seated = seatedBy(input, given);
  const voted = new Set(input.votes.filter((vote) => vote.live).map((vote) => vote.userId));
  const free = input.voters.filter((voter) => !voted.has(voter.userId));
  const atMost = seatedBy(input, [...given, ...free]);
  return input.groups.map((group, index) => {
    const seats = seated[index] ?? [];
    const required = seatsOf(group);
    const filled = isFilled(group, seats);
    const taken = new Set(seats.map((seat) => seat.holder));
    const couldTake = (filled ? [] : free).flatMap((voter) =>
      holdersFor(group, voter, input)
        .filter((holder) => !taken.has(holder))
        .map((holder): Seat => ({ holder, takenBy: voter.userId })),
    );
    return {
      group,
      required,
      approvedBy: seats.map((seat) => seat.takenBy),
      seats,
      openSeats: Math.max(0, (required ?? 0) - seats.length),
      isFilled: filled,
      awaited: distinct(couldTake.map((seat) => seat.takenBy)),
      couldTake,
      isReachable: filled || isFilled(group, atMost[index] ?? []),
    };
  });
};

/** Whether a vote of this voter with that value may be written down. The permission and the approval's state are asked elsewhere. */
export const mayDecide = (
  input: ApprovalInput & { readonly voter: Voter; readonly value: Vote['value'] },
): Outcome<true> => {
  const { voter, value, initiatorId, groups } = input;
  const live = input.votes.filter((vote) => vote.live).map((vote) => vote.userId);
  if (live.includes(voter.userId))
    return refused(409, 'policy.already_decided', 'This user has already decided on this approval.');
  const isInitiator = voter.userId === initiatorId;
  if (isInitiator && value === 'Denied') return accepted(true);
  // Denying needs a seat as well, but the initiator rule is only about approving one's own request.
  const holders = groups.flatMap((group) => holdersFor(group, voter, input));
  if (holders.some((holder) => !live.includes(holder))) return accepted(true);
  if (holders.length > 0)
    return refused(409, 'policy.seat_taken', 'Who handed their seat over to this user has decided themself.');
  return isInitiator
    ? refused(403, 'policy.initiator_cannot_approve', 'The initiator of an activity cannot approve it.')
    : refused(403, 'policy.not_an_approver', 'This user is not an approver of this approval.');
};

/** Whether the voter could take a seat of some group, their own or one handed over. */
export const couldSit = (input: ApprovalInput, voter: Voter): boolean =>
  input.groups.some((group) => holdersFor(group, voter, input).length > 0);

/** Whether the group's own words let the user take a seat of their own, after it has been open so long. */
export const isNamed = (group: RequiredGroup, voter: Voter, initiatorId: string | null, openMs = 0): boolean => {
  if (voter.userId === initiatorId && group.initiatorCanApprove !== true) return false;
  const named = namedIn(group, openMs);
  if (named === undefined) return !voter.isServiceAccount;
  if (!named.includes(voter.userId)) return false;
  return !voter.isServiceAccount || group.serviceAccountsCanApprove === true;
};

/**
 * Holders whose seat the voter could take: their own, or one handed over to them. Both must be eligible, and neither may be an initiator who
 * is left out. Only seats that the group's own words name pass on, so a seat that was handed over is never handed on.
 */
const holdersFor = (
  group: RequiredGroup,
  voter: Voter,
  { initiatorId, isEligible, openMs = 0 }: Pick<ApprovalInput, 'initiatorId' | 'isEligible' | 'openMs'>,
): readonly string[] => {
  if (!isEligible(voter.userId, group)) return [];
  const own = isNamed(group, voter, initiatorId, openMs) ? [voter.userId] : [];
  const isLeftOut = voter.userId === initiatorId && group.initiatorCanApprove !== true;
  if (voter.isServiceAccount || isLeftOut || namedIn(group, openMs) === undefined) return own;
  const handedOver = (voter.inPlaceOf ?? []).filter(
    (holder) =>
      isEligible(holder, group) && isNamed(group, { userId: holder, isServiceAccount: false }, initiatorId, openMs),
  );
  return [...own, ...handedOver];
};

/** Live approvals, one of each person. */
const approving = ({ votes }: Pick<ApprovalInput, 'votes'>): readonly Voter[] => [
  ...new Map(
    votes.filter((vote) => vote.live && vote.value === 'Approved').map((vote) => [vote.userId, vote]),
  ).values(),
];

/** Of those awaited, who has no open seat of their own, each with whose seats they could take. */
export const standInsOf = (couldTake: readonly Seat[]): readonly Seat[] => {
  const own = new Set(couldTake.filter(({ holder, takenBy }) => holder === takenBy).map(({ takenBy }) => takenBy));
  return couldTake.filter(({ takenBy }) => !own.has(takenBy));
};

const seatedBy = (input: ApprovalInput, voters: readonly Voter[]): readonly (readonly Seat[])[] =>
  seatPeople(
    voters.map((voter) => ({
      userId: voter.userId,
      seats: input.groups.map((group) => holdersFor(group, voter, input)),
    })),
    input.groups.map((group) => seatsOf(group) ?? 0),
    input.distinct,
  );

const isFilled = (group: RequiredGroup, seats: readonly Seat[]): boolean => {
  const required = seatsOf(group);
  return required !== null && seats.length >= required;
};

const distinct = (users: readonly string[]): string[] => [...new Set(users)];
