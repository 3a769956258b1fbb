import type { ActivitySummary } from '@/lib/client/shapes';

export type DayCount = {
  /** Local midnight, unix milliseconds. */
  readonly at: number;
  readonly done: number;
  readonly underWay: number;
  readonly ended: number;
};

const midnight = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0);

/** Requests of each of the last days in the reader's time zone, today last: carried out, under way, and ended without effect. */
export const countByDay = (
  activities: readonly Pick<ActivitySummary, 'status' | 'dateRequested'>[],
  days: number,
  now: number,
): readonly DayCount[] =>
  Array.from({ length: days }, (_, index) => {
    const day = new Date(midnight(now));
    day.setDate(day.getDate() - (days - 1 - index));
    const at = day.getTime();
    const those = activities.filter((one) => midnight(Date.parse(one.dateRequested)) === at);
    const count = (statuses: readonly string[]) => those.filter((one) => statuses.includes(one.status)).length;
    return {
      at,
      done: count(['Confirmed', 'Signed']),
      underWay: count(['Pending', 'Executing', 'Broadcasted']),
      ended: count(['Rejected', 'Failed']),
    };
  });
