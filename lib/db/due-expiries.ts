import { APPROVED_LIFE_MS } from '@/lib/ledger/judge';
import type { Sql } from './sql';

export type DueExpiry = { readonly orgId: string } & (
  | { readonly approvalId: string }
  | { readonly activityId: string }
);

/** Approvals past their time and approved requests (those that failed are at their end) older than their life, at most 200. @param now unix ms */
export const dueExpiries = async (sql: Sql, now: number): Promise<DueExpiry[]> => {
  const { rows } = await sql.query<{ org_id: string; kind: string; id: string }>(
    `SELECT org_id, kind, id FROM ledger_records WHERE kind = 'approval' AND record->>'status' = 'Pending' AND (record->>'expirationDate')::bigint < $1::bigint
     UNION ALL
     SELECT org_id, kind, id FROM ledger_records WHERE kind = 'activity' AND record->>'status' = 'Approved' AND record#>>'{chain,status}' IS DISTINCT FROM 'Failed' AND (record->>'datePolicyResolved')::bigint < $2::bigint
     LIMIT 200`,
    [String(now), String(now - APPROVED_LIFE_MS)],
  );
  return rows.map((row) =>
    row.kind === 'approval' ? { orgId: row.org_id, approvalId: row.id } : { orgId: row.org_id, activityId: row.id },
  );
};
