import { addDecimals, parseDecimal, subtractDecimals, ZERO } from '@/lib/domain/decimal';
import type { WindowTotal } from '@/lib/policy/policy';
import type { WindowRecord } from './records';

export const MINUTE_MS = 60_000;
/** Widths of the time buckets in minutes: a minute, an hour, a day of UTC. Each divides the next. */
export const BUCKET_MINUTES = [1, 60, 1440] as const;
export type BucketMinutes = (typeof BUCKET_MINUTES)[number];

/** An entry's time in windows: settled by the first checkpoint over it, its own until then. */
export const timeOf = (record: Pick<WindowRecord, 'at' | 'settledAt'>): number => record.settledAt ?? record.at;

/** Whether only an entry can end its counting. */
export const isStanding = (record: WindowRecord): boolean => record.counts && record.pendingUntil === undefined;

export const bucketOf = (time: number, width: BucketMinutes): number => Math.floor(time / (width * MINUTE_MS));

export const NOTHING: WindowTotal = { count: 0, usd: ZERO, unknown: 0 };

/** The record alone. */
export const totalOf = (record: Pick<WindowRecord, 'usd'>): WindowTotal => {
  const usd = parseDecimal(record.usd);
  return { count: 1, usd: usd ?? ZERO, unknown: usd ? 0 : 1 };
};

export const plus = (a: WindowTotal, b: WindowTotal): WindowTotal => ({
  count: a.count + b.count,
  usd: addDecimals(a.usd, b.usd),
  unknown: a.unknown + b.unknown,
});

export const minus = (a: WindowTotal, b: WindowTotal): WindowTotal => ({
  count: a.count - b.count,
  usd: subtractDecimals(a.usd, b.usd),
  unknown: a.unknown - b.unknown,
});

/** What is asked of a wallet's window: requests counted in it that stand in the ledger before another. */
export type WindowQuery = {
  /** Requests later than this count; there is no upper edge. Unix ms. */
  readonly later: number;
  /** The lane time at which pending requests may have expired. */
  readonly countedNow: number;
  /** Only requests before this activity, when the wallet has it. */
  readonly before?: string;
};

/** One wallet's requests as they are kept somewhere: in memory, or in rows of a store. */
export type WindowSource = {
  /** Whether everything later than this edge is at hand. */
  isLoadedFrom(edge: number): boolean;
  /** Sums of standing requests by bucket, of those behind `after` and, where one is given, before `before`. */
  totals(width: BucketMinutes, after: number, before: number | null): Iterable<WindowTotal>;
  /** Standing requests of a minute. */
  inMinute(minute: number): Iterable<WindowRecord>;
  /** Requests from an activity's own on, in ledger order; none when the wallet doesn't have it. */
  from(activityId: string): Iterable<WindowRecord>;
  /** Those that count until a moment, and stand before an activity where one is given. */
  untilSomeTime(before: string | undefined): Iterable<WindowRecord>;
};

/** The whole buckets of a width that are summed up for an edge: those behind `after` and, where the next width takes over, before `before`. */
export const bucketsBehind = (
  edge: number,
  width: BucketMinutes,
): { readonly after: number; readonly before: number | null } => {
  const wider = BUCKET_MINUTES[BUCKET_MINUTES.indexOf(width) + 1];
  return {
    after: bucketOf(edge, width),
    before: wider === undefined ? null : (bucketOf(edge, wider) + 1) * (wider / width),
  };
};

/** Standing requests later than the edge: whole buckets behind it, and one by one in the edge's own minute. */
const standingAfter = (source: WindowSource, edge: number): WindowTotal => {
  let total = NOTHING;
  for (const width of BUCKET_MINUTES) {
    const { after, before } = bucketsBehind(edge, width);
    for (const sum of source.totals(width, after, before)) total = plus(total, sum);
  }
  for (const record of source.inMinute(bucketOf(edge, 1)))
    if (timeOf(record) > edge) total = plus(total, totalOf(record));
  return total;
};

/**
 * What a wallet's requests in a window come to. A window has no upper edge, and costs the same after any number of requests.
 * @throws {RangeError} when the source was loaded for other windows than this.
 */
export const windowTotal = (source: WindowSource, { later, countedNow, before }: WindowQuery): WindowTotal => {
  // INVARIANT: a window is never answered from records that were not loaded; they would count as none.
  if (!source.isLoadedFrom(later)) throw new RangeError(`No window from ${later} on was loaded.`);
  let total = standingAfter(source, later);
  if (before !== undefined)
    for (const record of source.from(before))
      if (isStanding(record) && timeOf(record) > later) total = minus(total, totalOf(record));
  for (const record of source.untilSomeTime(before))
    if (timeOf(record) > later && countedNow <= (record.pendingUntil ?? 0)) total = plus(total, totalOf(record));
  return total;
};
