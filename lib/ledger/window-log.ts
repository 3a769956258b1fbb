import type { WindowTotal } from '@/lib/policy/policy';
import type { WindowRecord } from './records';
import {
  BUCKET_MINUTES,
  type BucketMinutes,
  bucketOf,
  bucketsBehind,
  isStanding,
  minus,
  NOTHING,
  plus,
  timeOf,
  totalOf,
  type WindowSource,
} from './window-total';

/**
 * The requests of one wallet, kept so that a window costs the same however many there were: sums by minute, hour and day of those that
 * stand until an entry frees them, and the few that may run out by time alone on their own.
 */
export type WindowLog = {
  /** In ledger order. */
  readonly order: WindowRecord[];
  /** Where in `order` the record of an id stands. */
  readonly placeOf: Map<string, number>;
  /** Ids of the standing requests of each minute: for the exact edge of a window. */
  readonly minutes: Map<number, Set<string>>;
  /** Ids of those that count until a moment. */
  readonly untilSomeTime: Set<string>;
  readonly totals: Readonly<Record<BucketMinutes, Map<number, WindowTotal>>>;
  /** Edges of windows (unix ms) that a partly loaded log can answer for; absent where everything is there. */
  readonly loadedFrom?: ReadonlySet<number>;
};

export const emptyLog = (loadedFrom?: ReadonlySet<number>): WindowLog => ({
  order: [],
  placeOf: new Map(),
  minutes: new Map(),
  untilSomeTime: new Set(),
  totals: { 1: new Map(), 60: new Map(), 1440: new Map() },
  ...(loadedFrom ? { loadedFrom } : {}),
});

/** Whether a bucket's sum is at hand: a partly loaded log has those alone that its edges are answered from. */
const isLoaded = ({ loadedFrom }: WindowLog, width: BucketMinutes, bucket: number): boolean =>
  loadedFrom === undefined ||
  [...loadedFrom].some((edge) => {
    const { after, before } = bucketsBehind(edge, width);
    return bucket > after && (before === null || bucket < before);
  });

const changeTotals = (log: WindowLog, record: WindowRecord, change: typeof plus): void => {
  for (const width of BUCKET_MINUTES) {
    const bucket = bucketOf(timeOf(record), width);
    if (!isLoaded(log, width, bucket)) continue;
    const total = change(log.totals[width].get(bucket) ?? NOTHING, totalOf(record));
    if (total.count === 0) log.totals[width].delete(bucket);
    else log.totals[width].set(bucket, total);
  }
};

const forget = (log: WindowLog, record: WindowRecord): void => {
  log.untilSomeTime.delete(record.id);
  if (!isStanding(record)) return;
  const minute = bucketOf(timeOf(record), 1);
  const there = log.minutes.get(minute);
  there?.delete(record.id);
  if (there?.size === 0) log.minutes.delete(minute);
};

const place = (log: WindowLog, record: WindowRecord): WindowRecord | undefined => {
  const at = log.placeOf.get(record.id);
  const before = at === undefined ? undefined : log.order[at];
  if (before) forget(log, before);
  log.placeOf.set(record.id, at ?? log.order.length);
  log.order[at ?? log.order.length] = record;
  if (!record.counts) return before;
  if (record.pendingUntil !== undefined) log.untilSomeTime.add(record.id);
  else {
    const minute = bucketOf(timeOf(record), 1);
    log.minutes.set(minute, (log.minutes.get(minute) ?? new Set()).add(record.id));
  }
  return before;
};

/** Writes a record, new or changed, and keeps the sums right. */
export const writeToLog = (log: WindowLog, record: WindowRecord): void => {
  const before = place(log, record);
  if (before && isStanding(before)) changeTotals(log, before, minus);
  if (isStanding(record)) changeTotals(log, record, plus);
};

/** Adds a record whose part in the sums is loaded with them. In ledger order. */
export const loadIntoLog = (log: WindowLog, record: WindowRecord): void => {
  place(log, record);
};

const recordOf = (log: WindowLog, id: string): WindowRecord[] => {
  const record = log.order[log.placeOf.get(id) ?? -1];
  return record ? [record] : [];
};

/** The log as windows are counted from. */
export const sourceOf = (log: WindowLog, walletId: string): WindowSource => {
  const placeOfActivity = (activityId: string): number | undefined =>
    log.placeOf.get(activityId) ?? log.placeOf.get(`${activityId}:${walletId}`);
  return {
    isLoadedFrom: (edge) => log.loadedFrom?.has(edge) ?? true,
    totals: (width, after, before) => {
      const sums = log.totals[width];
      if (before === null) return [...sums].flatMap(([bucket, sum]) => (bucket > after ? [sum] : []));
      return Array.from({ length: Math.max(0, before - after - 1) }, (_, i) => sums.get(after + 1 + i) ?? []).flat();
    },
    inMinute: (minute) => [...(log.minutes.get(minute) ?? [])].flatMap((id) => recordOf(log, id)),
    from: (activityId) => {
      const own = placeOfActivity(activityId);
      return own === undefined ? [] : log.order.slice(own);
    },
    untilSomeTime: (activityId) => {
      const own = (activityId === undefined ? undefined : placeOfActivity(activityId)) ?? log.order.length;
      return [...log.untilSomeTime].filter((id) => (log.placeOf.get(id) ?? 0) < own).flatMap((id) => recordOf(log, id));
    },
  };
};
