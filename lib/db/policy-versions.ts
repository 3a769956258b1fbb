import type { Leaf } from '@/lib/ledger/entry';
import type { PolicyRecord } from '@/lib/ledger/records';
import type { Sql } from './sql';

/** One state a policy had. */
export type PolicyVersionRow = {
  /** Place in the organisation's history, decimal: what a page goes on from. */
  readonly ordinal: string;
  /** Unix milliseconds, as the entry counts. */
  readonly at: number;
  readonly record: PolicyRecord;
  /** Who asked for it: of a change that was approved, not who approved it last. */
  readonly userId?: string;
};

/** States of a policy, newest first, at most `limit` before the given ordinal. */
export const listPolicyVersions = async (
  sql: Sql,
  orgId: string,
  policyId: string,
  page: { readonly before?: string; readonly limit: number },
): Promise<readonly PolicyVersionRow[]> => {
  const { rows } = await sql.query<{
    ordinal: string;
    at: string;
    record: PolicyRecord;
    content: string | null;
    asked: string | null;
  }>(
    `SELECT h.ordinal::text AS ordinal, h.at::text AS at, h.record, l.content, c.record->'requester'->>'userId' AS asked
     FROM governance_history h
     LEFT JOIN ledger_leaves l ON l.leaf = h.leaf
     LEFT JOIN ledger_records c ON c.org_id = h.org_id AND c.kind = 'changeRequest' AND c.id = l.subject
     WHERE h.org_id = $1 AND h.kind = 'policy' AND h.id = $2 AND ($3::bigint IS NULL OR h.ordinal < $3::bigint)
     ORDER BY h.ordinal DESC LIMIT $4::int`,
    [orgId, policyId, page.before ?? null, page.limit],
  );
  return rows.map(({ ordinal, at, record, content, asked }) => {
    const userId = asked ?? (content === null ? undefined : (JSON.parse(content) as Leaf).statement?.userId);
    return { ordinal, at: Number(at), record, ...(userId === undefined ? {} : { userId }) };
  });
};

/** The records in which policies had these versions. */
export const policiesOfVersions = async (
  sql: Sql,
  orgId: string,
  wanted: readonly { readonly policyId: string; readonly version: string }[],
): Promise<readonly PolicyRecord[]> => {
  if (wanted.length === 0) return [];
  const { rows } = await sql.query<{ record: PolicyRecord }>(
    `SELECT DISTINCT ON (h.id, h.record->>'version') h.record FROM governance_history h
     JOIN unnest($2::text[], $3::text[]) AS wanted(id, version) ON h.id = wanted.id AND h.record->>'version' = wanted.version
     WHERE h.org_id = $1 AND h.kind = 'policy'`,
    [orgId, wanted.map((item) => item.policyId), wanted.map((item) => item.version)],
  );
  return rows.map((row) => row.record);
};

/** The policies as they were before the entry that made the activity, archived ones included. */
export const policiesBefore = async (sql: Sql, orgId: string, activityId: string): Promise<readonly PolicyRecord[]> => {
  const { rows } = await sql.query<{ record: PolicyRecord }>(
    `SELECT DISTINCT ON (h.id) h.record FROM governance_history h WHERE h.org_id = $1 AND h.kind = 'policy' AND h.leaf <
       (SELECT leaf FROM ledger_records WHERE org_id = $1 AND kind = 'activity' AND id = $2)
     ORDER BY h.id, h.ordinal DESC`,
    [orgId, activityId],
  );
  return rows.map((row) => row.record);
};
