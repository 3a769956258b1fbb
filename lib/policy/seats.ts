import type { RequiredGroup } from './policy';

/** One person in one seat of a group: their own seat, or that of somebody who handed it over to them for a time. */
export type Seat = { readonly holder: string; readonly takenBy: string };

/** Somebody with the seats they could take, by group: the holders' names. Nobody ever takes two of a group, or, across groups, two at all. */
export type Candidate = { readonly userId: string; readonly seats: readonly (readonly string[])[] };

type Placed = Seat & { readonly group: number };

/**
 * Puts as many people into seats as possible: every seat is taken by one person and every person takes one, so that what is counted are
 * always distinct people in distinct seats. Augmenting paths (Kuhn 1955).
 * @param mostPerGroup How many a group takes; people beyond it stay free for others.
 */
const place = (candidates: readonly Candidate[], mostPerGroup: readonly number[]): readonly Placed[] => {
  const taken = new Map<string, Placed & { readonly by: Candidate }>();
  const counts = mostPerGroup.map(() => 0);
  const sit = (candidate: Candidate, tried: Set<string>): boolean =>
    candidate.seats.some((holders, group) =>
      holders.some((holder) => {
        const key = `${group} ${holder}`;
        if (tried.has(key)) return false;
        tried.add(key);
        const seat = { group, holder, takenBy: candidate.userId, by: candidate };
        const sitting = taken.get(key);
        if (sitting) {
          if (!sit(sitting.by, tried)) return false;
        } else if ((counts[group] ?? 0) < (mostPerGroup[group] ?? 0)) counts[group] = (counts[group] ?? 0) + 1;
        else if (!makesRoom(group, tried)) return false;
        taken.set(key, seat);
        return true;
      }),
    );
  /** Somebody of a full group moves to another one; their seat goes, so that the group's number stays. */
  const makesRoom = (group: number, tried: Set<string>): boolean =>
    [...taken].some(([key, sitting]) => {
      if (sitting.group !== group || tried.has(key)) return false;
      tried.add(key);
      if (!sit(sitting.by, tried)) return false;
      taken.delete(key);
      return true;
    });
  for (const candidate of candidates) sit(candidate, new Set());
  return [...taken.values()];
};

/**
 * Seats people take, by group. `perGroup`: a person may sit in several groups, once in each. `acrossGroups`: each person counts once in all,
 * so that two groups never rest on one human (organisations that are `strict`).
 * @param required Seats to fill in each group; 0 where a group can never be filled.
 * @param distinct `perGroup` where it is not said.
 */
export const seatPeople = (
  candidates: readonly Candidate[],
  required: readonly number[],
  distinct?: 'perGroup' | 'acrossGroups',
): readonly (readonly Seat[])[] => {
  const seatsOf = (placed: readonly Placed[], group: number): Seat[] =>
    placed.filter((seat) => seat.group === group).map(({ holder, takenBy }) => ({ holder, takenBy }));
  if (distinct === 'acrossGroups') {
    const placed = place(candidates, required);
    return required.map((_, group) => seatsOf(placed, group));
  }
  return required.map((_, group) => {
    const alone = candidates.map(({ userId, seats }) => ({ userId, seats: [seats[group] ?? []] }));
    return seatsOf(place(alone, [Number.POSITIVE_INFINITY]), 0);
  });
};

/** Users the group names, and after its time those it names in addition; undefined is any person. */
export const namedIn = ({ approvers, escalation }: RequiredGroup, openMs: number): readonly string[] | undefined => {
  const listed = approvers.userId;
  if (listed === undefined) return undefined;
  const first = Array.isArray(listed.in) ? listed.in : [];
  // Written so that a time that can't be read never comes.
  if (!escalation || !(openMs >= escalation.afterMinutes * 60_000)) return first;
  return [...first, ...escalation.approvers.userId.in];
};
