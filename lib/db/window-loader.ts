import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import type { ActivityStatus, WindowRecord } from '@/lib/ledger/records';
import type { StateInMemory } from '@/lib/ledger/state';
import { createWindowBook } from '@/lib/ledger/window-book';
import { emptyLog, loadIntoLog } from '@/lib/ledger/window-log';
import { bucketOf, MINUTE_MS, timeOf } from '@/lib/ledger/window-total';
import { timeframesOf } from '@/lib/ledger/windows';
import type { WindowTotal } from '@/lib/policy/policy';
import type { Prepared, Sql } from './sql';

/** Nothing was loaded: whoever asks for a window of these wallets gets an error, never a sum of nothing. */
export const noWindows = (walletIds: readonly string[]): StateInMemory['windows'] =>
  createWindowBook(new Map(walletIds.map((walletId) => [walletId, emptyLog(new Set())])));

type WindowRow = { readonly record: WindowRecord; readonly ordinal: string };

/** The window records that activities made, in ledger order. */
export const windowsOfActivities = async (
  sql: Sql,
  orgId: string,
  activityIds: readonly string[],
): Promise<readonly WindowRow[]> =>
  activityIds.length === 0
    ? []
    : (
        await sql.query<WindowRow>(
          `SELECT record, ordinal::text AS ordinal FROM ledger_records WHERE org_id = $1 AND kind = 'window'
           AND record->>'activityId' = ANY ($2::text[]) ORDER BY ledger_records.ordinal`,
          [orgId, activityIds],
        )
      ).rows;

/** The window records that no checkpoint has settled, in ledger order, with the places of their entries in the chain. */
export const unsettledWindows = async (
  sql: Sql,
  orgId: string,
): Promise<readonly { readonly record: WindowRecord; readonly seq: string | null }[]> =>
  (
    await sql.query<{ record: WindowRecord; seq: string | null }>(
      `SELECT r.record, l.seq::text AS seq FROM ledger_records r LEFT JOIN ledger_leaves l ON l.leaf = r.leaf
       WHERE r.org_id = $1 AND r.kind = 'window' AND NOT r.record ? 'settledAt' ORDER BY r.ordinal`,
      [orgId],
    )
  ).rows;

const UNDECIDED: ReadonlySet<ActivityStatus> = new Set(['Pending', 'Approved', 'Reserved']);

/**
 * The state with what a decision at `at`, or one on the given activities, can ask of the wallets' windows: the sums behind each edge,
 * single requests around it, those after an activity, and those that run out by time. Never the history.
 * @param own Window records of the activities in the state.
 */
export const withWindows = async (
  sql: Sql,
  orgId: string,
  input: {
    readonly state: StateInMemory;
    readonly walletIds: readonly string[];
    readonly own: readonly WindowRow[];
    readonly at: number;
    /** Minutes of windows besides those that the policies look at. */
    readonly timeframes?: readonly number[];
  },
): Promise<StateInMemory> => {
  const { state, walletIds, own } = input;
  // Of one that is signed or ended nothing is decided any more, unless a speed-up repeats it.
  const repeated = new Set([...state.tables.activity.values()].map(({ speedsUp }) => speedsUp?.activityId));
  const judged = own.filter(
    ({ record: { activityId } }) =>
      repeated.has(activityId) || UNDECIDED.has(state.tables.activity.get(activityId)?.status ?? 'Abandoned'),
  );
  const timeframes = [...timeframesOf(state), ...(input.timeframes ?? [])];
  const times = [input.at, ...judged.map((row) => timeOf(row.record))];
  const edges = [...new Set(times.flatMap((time) => timeframes.map((minutes) => time - minutes * MINUTE_MS)))];
  const loadedFrom = new Set(edges);
  const logs = new Map(walletIds.map((walletId) => [walletId, emptyLog(loadedFrom)]));
  const asked = edges.length > 0 && walletIds.length > 0;
  const [rows, totals] = asked
    ? await Promise.all([
        aroundEdges(sql, orgId, { walletIds, edges, own, judged }),
        totalsBehind(sql, orgId, { walletIds, edges }),
      ])
    : [own, []];
  for (const { record } of rows) {
    state.tables.window.set(record.id, record);
    const log = logs.get(record.walletId) ?? emptyLog(loadedFrom);
    logs.set(record.walletId, log);
    loadIntoLog(log, record);
  }
  for (const row of totals) {
    const width = row.width === 1 ? 1 : row.width === 60 ? 60 : 1440;
    logs.get(row.wallet_id)?.totals[width].set(Number(row.bucket), totalOfRow(row));
  }
  return { ...state, windows: createWindowBook(logs) };
};

type Wanted = { readonly walletIds: readonly string[]; readonly edges: readonly number[] };

/**
 * Each wallet by itself, and each range in the order of the one index that is made for it: with several wallets, or in no order, the
 * planner of a new database would as soon read every window of the organisation.
 */
const ofWallets = (name: string, parts: readonly string[]): Prepared => ({
  name,
  text: `SELECT r.record, r.ordinal::text AS ordinal FROM unnest($2::text[]) AS w(id) CROSS JOIN LATERAL (
    ${parts.map((part) => `(${part})`).join(' UNION ALL ')}) AS r`,
});
const OF_WALLET =
  "SELECT record, ordinal FROM ledger_records WHERE org_id = $1 AND kind = 'window' AND record->>'walletId' = w.id";
const IN_MINUTES = `SELECT near.* FROM unnest($3::bigint[]) AS edge(start) CROSS JOIN LATERAL (${OF_WALLET}
  AND window_time(record) >= edge.start AND window_time(record) < edge.start + ${MINUTE_MS} ORDER BY window_time(record)) AS near`;
const RUNNING_OUT = `${OF_WALLET} AND record ? 'pendingUntil' AND (record->>'counts')::boolean
  AND window_time(record) > $4::bigint ORDER BY ledger_records.ordinal`;
const BEHIND = `${OF_WALLET} AND ordinal > $5::bigint ORDER BY ledger_records.ordinal DESC`;
const AROUND_EDGES = ofWallets('windows_around_edges', [IN_MINUTES, RUNNING_OUT]);
const AROUND_AND_BEHIND = ofWallets('windows_around_and_behind', [IN_MINUTES, RUNNING_OUT, BEHIND]);

/** Window records in the minute of an edge, those that stand behind an activity's own, those that run out, and the own ones. */
const aroundEdges = async (
  sql: Sql,
  orgId: string,
  input: Wanted & { readonly own: readonly WindowRow[]; readonly judged: readonly WindowRow[] },
): Promise<readonly WindowRow[]> => {
  const { walletIds, edges, own, judged } = input;
  const minutes = [...new Set(edges.map((edge) => bucketOf(edge, 1)))];
  const [first] = judged.map((row) => BigInt(row.ordinal)).toSorted((a, b) => (a < b ? -1 : 1));
  const params = [orgId, walletIds, minutes.map((minute) => String(minute * MINUTE_MS)), String(Math.min(...edges))];
  const { rows } = await (first === undefined
    ? sql.query<WindowRow>(AROUND_EDGES, params)
    : sql.query<WindowRow>(AROUND_AND_BEHIND, [...params, String(first)]));
  const found = [...own, ...rows];
  const byId = new Map(found.map((row) => [row.record.id, row]));
  return [...byId.values()].toSorted((a, b) => (BigInt(a.ordinal) < BigInt(b.ordinal) ? -1 : 1));
};

type TotalRow = {
  readonly wallet_id: string;
  readonly width: number;
  readonly bucket: string;
  readonly count: string;
  readonly usd: string;
  readonly unknown: string;
};

const TOTALS: Prepared = {
  name: 'window_totals_behind',
  // Three ranges of the primary key for each edge and wallet: written so that no plan can read the buckets between them.
  text: `SELECT DISTINCT t.wallet_id, t.width, t.bucket::text AS bucket, t.count::text AS count, t.usd::text AS usd, t.unknown::text AS unknown
     FROM unnest($3::bigint[], $4::bigint[], $5::bigint[]) AS e(minute, hour, day) CROSS JOIN unnest($2::text[]) AS w(id)
     CROSS JOIN LATERAL (
       SELECT * FROM window_totals WHERE org_id = $1 AND wallet_id = w.id AND width = 1440 AND bucket > e.day
       UNION ALL
       SELECT * FROM window_totals WHERE org_id = $1 AND wallet_id = w.id AND width = 60 AND bucket > e.hour AND bucket < (e.day + 1) * 24
       UNION ALL
       SELECT * FROM window_totals WHERE org_id = $1 AND wallet_id = w.id AND width = 1 AND bucket > e.minute AND bucket < (e.hour + 1) * 60
     ) AS t WHERE t.count > 0`,
};

/** For each edge: minutes to the end of its hour, hours to the end of its day, and every later day. */
const totalsBehind = async (sql: Sql, orgId: string, { walletIds, edges }: Wanted): Promise<readonly TotalRow[]> => {
  const { rows } = await sql.query<TotalRow>(TOTALS, [
    orgId,
    walletIds,
    ...([1, 60, 1440] as const).map((width) => edges.map((edge) => String(bucketOf(edge, width)))),
  ]);
  return rows;
};

const totalOfRow = (row: Pick<TotalRow, 'count' | 'usd' | 'unknown'>): WindowTotal => {
  const usd = parseDecimal(row.usd);
  const unknown = Number(row.unknown);
  // A sum that can't be read is no sum at all: every rule over it then triggers.
  return { count: Number(row.count), usd: usd ?? ZERO, unknown: usd ? unknown : Math.max(1, unknown) };
};
