import { formatDecimal, parseDecimal } from '@/lib/domain/decimal';
import type { WindowRecord } from '@/lib/ledger/records';
import type { Table } from '@/lib/ledger/state';
import type { WindowBook } from '@/lib/ledger/window-book';
import {
  BUCKET_MINUTES,
  bucketOf,
  isStanding,
  MINUTE_MS,
  minus,
  NOTHING,
  plus,
  timeOf,
  totalOf,
  type WindowSource,
  windowTotal,
} from '@/lib/ledger/window-total';
import type { WindowTotal } from '@/lib/policy/policy';
import type { RecentRecords } from './recent-records';
import type { Row, Store } from './store';

/** Spending windows of an organisation in the node's store: the same answers as the book in memory, counted by an index. */
export const createStoredWindows = (
  store: Store,
  recent: RecentRecords,
  orgId: string,
): { readonly table: Table<WindowRecord>; readonly book: WindowBook } => {
  const recordOf = (row: Row): WindowRecord => JSON.parse(String(row.record)) as WindowRecord;
  const readTotal = (row: Row): WindowTotal => {
    const usd = parseDecimal(row.usd);
    if (!usd) throw new RangeError('A stored sum of a spending window cannot be read.');
    return { count: Number(row.count), usd, unknown: Number(row.unknown) };
  };
  const changeTotals = (record: WindowRecord, change: typeof plus): void => {
    for (const width of BUCKET_MINUTES) {
      const key = [orgId, record.walletId, width, bucketOf(timeOf(record), width)] as const;
      const row = store.get(
        'SELECT count, usd, unknown FROM state_window_total WHERE org = ? AND wallet = ? AND width = ? AND bucket = ?',
        ...key,
      );
      const { count, usd, unknown } = change(row ? readTotal(row) : NOTHING, totalOf(record));
      store.run(
        'INSERT OR REPLACE INTO state_window_total (org, wallet, width, bucket, count, usd, unknown) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...key,
        count,
        formatDecimal(usd),
        unknown,
      );
    }
  };
  const sourceOf = (walletId: string): WindowSource => {
    const placeOf = (activityId: string | undefined): number | null => {
      if (activityId === undefined) return null;
      const sql = 'SELECT ord FROM state_window WHERE org = ? AND activity = ? AND wallet = ?';
      const row = store.get(sql, orgId, activityId, walletId);
      return row ? Number(row.ord) : null;
    };
    const records = (condition: string, ...params: readonly number[]): readonly WindowRecord[] =>
      store
        .all(
          `SELECT record FROM state_window WHERE org = ? AND wallet = ? AND counts = 1 AND ${condition} ORDER BY ord`,
          orgId,
          walletId,
          ...params,
        )
        .map(recordOf);
    return {
      isLoadedFrom: () => true,
      totals: (width, after, before) =>
        store
          .all(
            'SELECT count, usd, unknown FROM state_window_total WHERE org = ? AND wallet = ? AND width = ? AND bucket > ? AND bucket < ?',
            orgId,
            walletId,
            width,
            after,
            before ?? Number.MAX_SAFE_INTEGER,
          )
          .map(readTotal),
      inMinute: (minute) =>
        records('pending IS NULL AND time >= ? AND time < ?', minute * MINUTE_MS, (minute + 1) * MINUTE_MS),
      from: (activityId) => {
        const own = placeOf(activityId);
        return own === null ? [] : records('ord >= ?', own);
      },
      untilSomeTime: (before) => records('pending IS NOT NULL AND ord < ?', placeOf(before) ?? Number.MAX_SAFE_INTEGER),
    };
  };
  const table: Table<WindowRecord> = {
    get: (id) =>
      recent.get(orgId, 'window', id, () => {
        const row = store.get('SELECT record FROM state_window WHERE org = ? AND id = ?', orgId, id);
        return row && recordOf(row);
      }),
    set: (id, window) => {
      const before = table.get(id);
      if (before && isStanding(before)) changeTotals(before, minus);
      if (isStanding(window)) changeTotals(window, plus);
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
      total: (walletId, query) => windowTotal(sourceOf(walletId), query),
      unsettledUpTo: (seq) =>
        store
          .all('SELECT record FROM state_window WHERE org = ? AND settled = 0 AND place <= ? ORDER BY ord', orgId, seq)
          .map(recordOf),
    },
  };
};
