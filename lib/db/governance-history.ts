import { GOVERNANCE } from '@/lib/ledger/decision';
import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import type { Sql } from './sql';

/** Kinds every decision needs whole: few rows, read by all. Of change requests only the pending ones. */
export const GOVERNANCE_KINDS = [
  'org',
  'user',
  'credential',
  'token',
  'permission',
  'assignment',
  'policy',
  'delegation',
  'changeRequest',
] as const satisfies readonly RecordKind[];

export type GovernanceKind = (typeof GOVERNANCE_KINDS)[number];

/** One state of a record, in the order of its writes within the organisation. */
export type HistoryRow = {
  readonly ordinal: string;
  readonly kind: GovernanceKind;
  readonly record: Records[GovernanceKind];
};

export const isGovernanceKind = (kind: RecordKind): kind is GovernanceKind =>
  (GOVERNANCE_KINDS as readonly RecordKind[]).includes(kind);

/** Keeps what an entry made of governance, beside the records. Only under the organisation's lock, which gives the rows their order. */
export const writeHistory = async (
  sql: Sql,
  orgId: string,
  leaf: string,
  changes: readonly Change[],
): Promise<void> => {
  const kept = changes.filter((change) => isGovernanceKind(change.kind));
  if (kept.length === 0) return;
  const lane = changes.find((change) => change.kind === 'lane' && change.record.id === GOVERNANCE);
  const countedAt = lane?.kind === 'lane' ? String(lane.record.lastAt) : null;
  await sql.query(
    `INSERT INTO governance_history (org_id, kind, id, leaf, at, record)
     SELECT $1, item.kind, item.id, $2::bigint,
       coalesce($4::bigint, (SELECT ledger_leaf_at(content) FROM ledger_leaves WHERE ledger_leaves.leaf = $2::bigint), 0), item.record
     FROM jsonb_to_recordset($3::jsonb) AS item(kind text, id text, record jsonb)`,
    [
      orgId,
      leaf,
      JSON.stringify(kept.map((change) => ({ kind: change.kind, id: change.record.id, record: change.record }))),
      countedAt,
    ],
  );
};

/** What was written after the row of that ordinal, oldest first. */
export const historySince = async (sql: Sql, orgId: string, ordinal: string): Promise<readonly HistoryRow[]> =>
  (
    await sql.query<HistoryRow>(
      `SELECT ordinal::text AS ordinal, kind, record FROM governance_history
       WHERE org_id = $1 AND ordinal > $2::bigint ORDER BY governance_history.ordinal`,
      [orgId, ordinal],
    )
  ).rows;

/** Governance as it stands now, in the order in which the records came to be, with the ordinal it goes up to. */
export const currentGovernance = async (
  sql: Sql,
  orgId: string,
): Promise<{ readonly ordinal: string; readonly rows: readonly Pick<HistoryRow, 'kind' | 'record'>[] }> => {
  // The mark is read first: rows written in between are read again by whoever asks for what came after it.
  const { rows: marks } = await sql.query<{ ordinal: string }>(
    'SELECT coalesce(max(ordinal), 0)::text AS ordinal FROM governance_history WHERE org_id = $1',
    [orgId],
  );
  const { rows } = await sql.query<HistoryRow>(
    `SELECT kind, record FROM ledger_records WHERE org_id = $1 AND kind = ANY ($2::text[])
     AND (kind <> 'changeRequest' OR record->>'status' = 'Pending') ORDER BY ledger_records.ordinal`,
    [orgId, [...GOVERNANCE_KINDS]],
  );
  return { ordinal: marks[0]?.ordinal ?? '0', rows };
};

/** Governance at a moment: the last state of each record whose entry counts as made by then, with the place of the last such entry. */
export type GovernanceAt = {
  readonly rows: readonly Pick<HistoryRow, 'kind' | 'record'>[];
  /** Place of the last entry of governance by then; null while it is not chained. */
  readonly seq: number | null;
};

/** @param at Unix milliseconds, inclusive. @returns null where the organisation had no governance yet. */
export const governanceAt = async (sql: Sql, orgId: string, at: number): Promise<GovernanceAt | null> => {
  const { rows } = await sql.query<HistoryRow & { leaf: string }>(
    `SELECT ordinal::text AS ordinal, kind, leaf::text AS leaf, record FROM
       (SELECT DISTINCT ON (kind, id) ordinal, kind, leaf, record FROM governance_history
        WHERE org_id = $1 AND at <= $2::bigint ORDER BY kind, id, governance_history.ordinal DESC) AS last ORDER BY last.ordinal`,
    [orgId, String(Math.trunc(at))],
  );
  const last = rows.at(-1);
  if (!last) return null;
  return { rows, seq: await placeOf(sql, last.leaf) };
};

const placeOf = async (sql: Sql, leaf: string): Promise<number | null> => {
  const { rows } = await sql.query<{ seq: string | null }>(
    'SELECT seq::text AS seq FROM ledger_leaves WHERE leaf = $1::bigint',
    [leaf],
  );
  const seq = rows[0]?.seq;
  return seq == null ? null : Number(seq);
};

/** Place of the last entry that changed governance; null while it is not chained. */
export const lastGovernanceSeq = async (sql: Sql, orgId: string): Promise<number | null> => {
  const { rows } = await sql.query<{ leaf: string }>(
    'SELECT leaf::text AS leaf FROM governance_history WHERE org_id = $1 ORDER BY governance_history.ordinal DESC LIMIT 1',
    [orgId],
  );
  return rows[0] ? placeOf(sql, rows[0].leaf) : null;
};
