import type { WindowTotal } from '@/lib/policy/policy';
import type { WindowRecord } from './records';
import { emptyLog, sourceOf, type WindowLog, writeToLog } from './window-log';
import { NOTHING, type WindowQuery, windowTotal } from './window-total';

/** A server's `at` is believed this far from the checkpoint that covers the entry (design §4.2 Time). */
export const CLOCK_TOLERANCE_MS = 120_000;

/** The requests of every wallet in ledger order. Reading it never costs more than what it answers about. */
export type WindowBook = {
  /** Notes a record that was written, new or changed. Its activity and wallet never change. */
  note(record: WindowRecord): void;
  /** The place in the chain of an activity's entry; the first one counts. Unknown while it is not chained. */
  place(activityId: string, seq: number): void;
  /** The records of an activity: one for each wallet it concerns. */
  of(activityId: string): readonly WindowRecord[];
  /** What the wallet's requests that count come to. */
  total(walletId: string, query: WindowQuery): WindowTotal;
  /** Records that no checkpoint has settled and whose entry stands at `seq` or before, in ledger order. */
  unsettledUpTo(seq: number): readonly WindowRecord[];
};

/** A book in memory. @param logs The requests of each wallet; given where they were loaded from somewhere. */
export const createWindowBook = (logs: Map<string, WindowLog> = new Map()): WindowBook => {
  const byActivity = new Map<string, Map<string, WindowRecord>>();
  const unsettled = new Map<string, WindowRecord>();
  const places = new Map<string, number>();
  const index = (record: WindowRecord): void => {
    const { id, activityId, settledAt } = record;
    byActivity.set(activityId, (byActivity.get(activityId) ?? new Map<string, WindowRecord>()).set(id, record));
    if (settledAt === undefined) unsettled.set(id, record);
    else unsettled.delete(id);
  };
  for (const log of logs.values()) for (const record of log.order) index(record);
  return {
    note: (record) => {
      index(record);
      const log = logs.get(record.walletId) ?? emptyLog();
      logs.set(record.walletId, log);
      writeToLog(log, record);
    },
    place: (activityId, seq) => {
      if (!places.has(activityId)) places.set(activityId, seq);
    },
    of: (activityId) => [...(byActivity.get(activityId)?.values() ?? [])],
    total: (walletId, query) => {
      const log = logs.get(walletId);
      return log ? windowTotal(sourceOf(log, walletId), query) : NOTHING;
    },
    unsettledUpTo: (seq) =>
      [...unsettled.values()].filter(({ activityId }) => (places.get(activityId) ?? Number.POSITIVE_INFINITY) <= seq),
  };
};
