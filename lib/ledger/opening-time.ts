import { all, find, type OrgState } from './state';

/**
 * From this witnessed moment on what time opens is opened by the nodes' time. Before it the counted time of an entry did so, and ledgers of
 * that time must replay as they were decided.
 */
export const WITNESSED_OPENINGS_SINCE = Date.UTC(2026, 10, 27);

/**
 * The time by which something opens at an entry, unix ms: an escalation, a delegation that begins later, the end of a cooling day. It is
 * that of the last checkpoint that stands before the entry, which k nodes held to their own clocks.
 * SECURITY: the counted time alone would let a server date an entry that nobody signs a day ahead, and what must wait a day opens at once.
 * What time closes goes by the counted time: a server that dates ahead only closes earlier.
 * @param at Counted time of the entry, unix ms.
 */
export const openingTime = (state: OrgState, at: number): number => {
  const witnessed = find(state, 'checkpoint', 'last')?.at ?? all(state, 'org')[0]?.genesis.createdAt;
  return witnessed === undefined || witnessed < WITNESSED_OPENINGS_SINCE ? at : Math.min(at, witnessed);
};
