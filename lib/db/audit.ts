import type { Sql } from './sql';

/** One chained entry as it is stored. `bytes` are the canonical bytes whose hash is `hash`; `at` is unix milliseconds. */
export type AuditRow = {
  readonly seq: number;
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly body: Uint8Array;
  /** The activity or change request the entry is about. */
  readonly subject: string | null;
};

/** Which entries are asked for; times in unix milliseconds, `from` inclusive, `to` exclusive; places inclusive. */
export type AuditFilter = {
  readonly userId?: string;
  readonly kinds?: readonly string[];
  readonly withoutKinds?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
};

type Row = {
  readonly seq: string;
  readonly hash: string;
  readonly bytes: Buffer;
  readonly body: Buffer;
  readonly subject: string | null;
};

const whereOf = (orgId: string, filter: AuditFilter): { readonly where: string; readonly params: unknown[] } => {
  const params: unknown[] = [orgId];
  const where = ['org_id = $1', 'seq IS NOT NULL'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value !== undefined) where.push(condition(`$${params.push(value)}`));
  };
  add((place) => `ledger_leaf_user(kind, content) = ${place}`, filter.userId);
  add((place) => `kind = ANY (${place}::text[])`, filter.kinds && [...filter.kinds]);
  add((place) => `kind <> ALL (${place}::text[])`, filter.withoutKinds && [...filter.withoutKinds]);
  add((place) => `ledger_leaf_at(content) >= ${place}::bigint`, filter.from);
  add((place) => `ledger_leaf_at(content) < ${place}::bigint`, filter.to);
  add((place) => `seq >= ${place}::bigint`, filter.fromSeq);
  add((place) => `seq <= ${place}::bigint`, filter.toSeq);
  return { where: where.join(' AND '), params };
};

/** Chained entries that fit, in their order or the newest first, at most `limit`. */
export const auditEntries = async (
  sql: Sql,
  orgId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly order: 'oldest first' | 'newest first' },
): Promise<AuditRow[]> => {
  const { where, params } = whereOf(orgId, filter);
  const { rows } = await sql.query<Row>(
    `SELECT seq::text AS seq, hash, bytes, body, subject FROM ledger_leaves WHERE ${where}
     ORDER BY ledger_leaves.seq ${page.order === 'oldest first' ? 'ASC' : 'DESC'} LIMIT $${params.push(page.limit)}::int`,
    params,
  );
  return rows.map(({ seq, ...row }) => ({ seq: Number(seq), ...row }));
};

/** How many entries fit, counted up to `most`. */
export const countAuditEntries = async (
  sql: Sql,
  orgId: string,
  filter: AuditFilter,
  most: number,
): Promise<number> => {
  const { where, params } = whereOf(orgId, filter);
  const { rows } = await sql.query<{ count: string }>(
    `SELECT count(*)::text AS count FROM (SELECT 1 FROM ledger_leaves WHERE ${where} LIMIT $${params.push(most)}::int) AS fitting`,
    params,
  );
  return Number(rows[0]?.count ?? 0);
};
