import type { WindowRecord } from '@/lib/ledger/records';
import type { Table } from '@/lib/ledger/state';
import { timeOf, type WindowBook } from '@/lib/ledger/window-book';
import type { RecentRecords } from './recent-records';
import type { Row, Store } from './store';

/** Spending windows of an organisation in the node's store: the same answers as the book in memory, counted by an index. */
export const createStoredWindows = (
  store: Store,
  recent: RecentRecords,
  orgId: string,
): { readonly table: Table<WindowRecord>; readonly book: WindowBook } => {
  const recordOf = (row: Row): WindowRecord => JSON.parse(String(row.record)) as WindowRecord;
  const table: Table<WindowRecord> = {
    get: (id) =>
      recent.get(orgId, 'window', id, () => {
        const row = store.get('SELECT record FROM state_window WHERE org = ? AND id = ?', orgId, id);
        return row && recordOf(row);
      }),
    set: (id, window) => {
      recent.set(orgId, 'window', id, window);
      const columns = [
        timeOf(window),
        window.counts ? 1 : 0,
        window.pendingUntil ?? null,
        window.settledAt === undefined ? 0 : 1,
        JSON.stringify(window),
      ] as const;
      const changed = store.run(
        'UPDATE state_window SET time = ?, counts = ?, pending = ?, settled = ?, record = ? WHERE org = ? AND id = ?',
        ...columns,
        orgId,
        id,
      );
      if (changed === 0)
        store.run(
          'INSERT INTO state_window (time, counts, pending, settled, record, org, id, activity, wallet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...columns,
          orgId,
          id,
          window.activityId,
          window.walletId,
        );
    },
  };
  return {
    table,
    book: {
      // The row itself is what the book knows.
      note: () => {},
      place: (activityId, seq) => {
        store.run(
          'UPDATE state_window SET place = ? WHERE org = ? AND activity = ? AND place IS NULL',
          seq,
          orgId,
          activityId,
        );
      },
      of: (activityId) =>
        store
          .all('SELECT record FROM state_window WHERE org = ? AND activity = ? ORDER BY ord', orgId, activityId)
          .map(recordOf),
      count: (walletId, { later, countedNow, before }) => {
        const own =
          before === undefined
            ? undefined
            : store.get(
                'SELECT ord FROM state_window WHERE org = ? AND activity = ? AND wallet = ?',
                orgId,
                before,
                walletId,
              );
        const found = store.get(
          `SELECT COUNT(*) AS count FROM state_window WHERE org = ? AND wallet = ? AND counts = 1 AND time > ?
           AND (pending IS NULL OR pending >= ?) AND ord < ?`,
          orgId,
          walletId,
          later,
          countedNow,
          own === undefined ? Number.MAX_SAFE_INTEGER : Number(own.ord),
        );
        return Number(found?.count ?? 0);
      },
      unsettledUpTo: (seq) =>
        store
          .all('SELECT record FROM state_window WHERE org = ? AND settled = 0 AND place <= ? ORDER BY ord', orgId, seq)
          .map(recordOf),
    },
  };
};
