import type { WindowRecord } from './records';

/** A server's `at` is believed this far from the checkpoint that covers the entry (design §4.2 Time). */
export const CLOCK_TOLERANCE_MS = 120_000;

/** What is asked of a wallet's window: requests counted in it that stand in the ledger before another. */
export type WindowQuery = {
  /** Requests later than this count; there is no upper edge. Unix ms. */
  readonly later: number;
  /** The lane time at which pending requests may have expired. */
  readonly countedNow: number;
  /** Only requests before this activity, when the wallet has it. */
  readonly before?: string;
};

/** The requests of every wallet in ledger order. Reading it never costs more than what it answers about. */
export type WindowBook = {
  /** Notes a record that was written, new or changed. Its activity and wallet never change. */
  note(record: WindowRecord): void;
  /** The place in the chain of an activity's entry; the first one counts. Unknown while it is not chained. */
  place(activityId: string, seq: number): void;
  /** The records of an activity: one for each wallet it concerns. */
  of(activityId: string): readonly WindowRecord[];
  /** How many requests of the wallet count. */
  count(walletId: string, query: WindowQuery): number;
  /** Records that no checkpoint has settled and whose entry stands at `seq` or before, in ledger order. */
  unsettledUpTo(seq: number): readonly WindowRecord[];
};

/** The time a request counts as. */
export const timeOf = (window: WindowRecord): number => window.settledAt ?? window.at;

export const isCounted = (window: WindowRecord, query: WindowQuery): boolean =>
  window.counts &&
  timeOf(window) > query.later &&
  (window.pendingUntil === undefined || query.countedNow <= window.pendingUntil);

/** A book in memory, over the table that holds the records. */
export const createWindowBook = (records: ReadonlyMap<string, WindowRecord>): WindowBook => {
  const byWallet = new Map<string, string[]>();
  const byActivity = new Map<string, string[]>();
  const unsettled = new Set<string>();
  const places = new Map<string, number>();
  const read = (ids: Iterable<string>): WindowRecord[] => [...ids].flatMap((id) => records.get(id) ?? []);
  const append = (lists: Map<string, string[]>, key: string, id: string): void => {
    const list = lists.get(key);
    if (list) list.push(id);
    else lists.set(key, [id]);
  };
  const of = (activityId: string): readonly WindowRecord[] => read(byActivity.get(activityId) ?? []);
  return {
    note: ({ id, activityId, walletId, settledAt }) => {
      if (!byActivity.get(activityId)?.includes(id)) {
        append(byActivity, activityId, id);
        append(byWallet, walletId, id);
      }
      if (settledAt === undefined) unsettled.add(id);
      else unsettled.delete(id);
    },
    place: (activityId, seq) => {
      if (!places.has(activityId)) places.set(activityId, seq);
    },
    of,
    count: (walletId, query) => {
      const ids = byWallet.get(walletId) ?? [];
      const before = of(query.before ?? '').find((window) => window.walletId === walletId)?.id;
      let count = 0;
      let isBefore = before === undefined;
      for (let at = ids.length - 1; at >= 0; at -= 1) {
        const window = records.get(ids[at] ?? '');
        if (!window) continue;
        if (isBefore && isCounted(window, query)) count += 1;
        if (window.id === before) isBefore = true;
        // Checkpoints settle in ledger order, and their times never go back: nothing before this one is later than that.
        if (window.settledAt !== undefined && window.settledAt + CLOCK_TOLERANCE_MS <= query.later) break;
      }
      return count;
    },
    unsettledUpTo: (seq) =>
      read(unsettled).filter(({ activityId }) => (places.get(activityId) ?? Number.POSITIVE_INFINITY) <= seq),
  };
};
