import { addDecimals, type Decimal, formatDecimal, parseDecimal, ZERO } from '@/lib/domain/decimal';
import type { WindowRecord } from '@/lib/ledger/records';
import type { Table } from '@/lib/ledger/state';
import type { WindowBook } from '@/lib/ledger/window-book';
import {
  BUCKET_MINUTES,
  type BucketMinutes,
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

/** Whether two versions of a record add the same to the sums of a width: then these stay as they are. */
const isSameInTotals = (a: WindowRecord, b: WindowRecord, width: BucketMinutes): boolean =>
  isStanding(a) === isStanding(b) &&
  a.walletId === b.walletId &&
  a.usd === b.usd &&
  bucketOf(timeOf(a), width) === bucketOf(timeOf(b), width);

/** Spending windows of an organisation in the node's store: the same answers as the book in memory, counted by an index. */
export const createStoredWindows = (
  store: Store,
  recent: RecentRecords,
  orgId: string,
): { readonly table: Table<WindowRecord>; readonly book: WindowBook } => {
  /** Records of the rows in ledger order, read as one row: nothing of a query outlives it, however many come before the event loop turns. */
  const listed = (rows: string, ...params: readonly (number | string)[]): readonly WindowRecord[] => {
    const row = store.get(`SELECT group_concat(record, ',' ORDER BY ord) AS list FROM ${rows}`, orgId, ...params);
    return JSON.parse(`[${row?.list ?? ''}]`) as WindowRecord[];
  };
  const readUsd = (text: unknown): Decimal => {
    const usd = parseDecimal(text);
    if (!usd) throw new RangeError('A stored sum of a spending window cannot be read.');
    return usd;
  };
  const readTotal = (row: Row): WindowTotal => ({
    count: Number(row.count),
    usd: readUsd(row.usd),
    unknown: Number(row.unknown),
  });
  /** What many sums come to; their `usd` stand behind one another, so that they are added exactly. */
  const readSum = (row: Row | undefined): WindowTotal => {
    if (typeof row?.usd !== 'string') return NOTHING;
    const usd = row.usd.split(' ').reduce((sum, one) => addDecimals(sum, readUsd(one)), ZERO);
    return { count: Number(row.count), usd, unknown: Number(row.unknown) };
  };
  const changeTotals = (record: WindowRecord, change: typeof plus, widths: readonly BucketMinutes[]): void => {
    for (const width of widths) {
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
    let place: { readonly activityId: string; readonly ord: number | null } | null = null;
    const placeOf = (activityId: string | undefined): number | null => {
      if (activityId === undefined) return null;
      if (place?.activityId === activityId) return place.ord;
      const sql = 'SELECT ord FROM state_window WHERE org = ? AND activity = ? AND wallet = ?';
      const row = store.get(sql, orgId, activityId, walletId);
      place = { activityId, ord: row ? Number(row.ord) : null };
      return place.ord;
    };
    const records = (index: string, condition: string, ...params: readonly number[]): readonly WindowRecord[] =>
      listed(
        `state_window INDEXED BY ${index} WHERE org = ? AND wallet = ? AND counts = 1 AND ${condition}`,
        walletId,
        ...params,
      );
    return {
      isLoadedFrom: () => true,
      totals: (width, after, before) => [
        readSum(
          store.get(
            "SELECT SUM(count) AS count, group_concat(usd, ' ') AS usd, SUM(unknown) AS unknown FROM state_window_total WHERE org = ? AND wallet = ? AND width = ? AND bucket > ? AND bucket < ?",
            orgId,
            walletId,
            width,
            after,
            before ?? Number.MAX_SAFE_INTEGER,
          ),
        ),
      ],
      inMinute: (minute) =>
        records(
          'state_window_time',
          'pending IS NULL AND time >= ? AND time < ?',
          minute * MINUTE_MS,
          (minute + 1) * MINUTE_MS,
        ),
      from: (activityId) => {
        const own = placeOf(activityId);
        return own === null ? [] : records('state_window_wallet', 'ord >= ?', own);
      },
      untilSomeTime: (before) =>
        records('state_window_pending', 'pending IS NOT NULL AND ord < ?', placeOf(before) ?? Number.MAX_SAFE_INTEGER),
    };
  };
  const table: Table<WindowRecord> = {
    get: (id) =>
      recent.get(orgId, 'window', id, () => {
        const row = store.get('SELECT record FROM state_window WHERE org = ? AND id = ?', orgId, id);
        return row && (JSON.parse(String(row.record)) as WindowRecord);
      }),
    set: (id, window) => {
      const before = table.get(id);
      const widths = BUCKET_MINUTES.filter((width) => !before || !isSameInTotals(before, window, width));
      if (before && isStanding(before)) changeTotals(before, minus, widths);
      if (isStanding(window)) changeTotals(window, plus, widths);
      recent.set(orgId, 'window', id, window);
      const columns = [
        timeOf(window),
        window.counts ? 1 : 0,
        window.pendingUntil ?? null,
        window.settledAt === undefined ? 0 : 1,
        JSON.stringify(window),
      ] as const;
      if (before)
        store.run(
          'UPDATE state_window SET time = ?, counts = ?, pending = ?, settled = ?, record = ? WHERE org = ? AND id = ?',
          ...columns,
          orgId,
          id,
        );
      else
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
      of: (activityId) => listed('state_window WHERE org = ? AND activity = ?', activityId),
      total: (walletId, query) => windowTotal(sourceOf(walletId), query),
      unsettledUpTo: (seq) => listed('state_window WHERE org = ? AND settled = 0 AND place <= ?', seq),
    },
  };
};
