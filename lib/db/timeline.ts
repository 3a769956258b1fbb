import { parseJson } from '@/lib/contract/json';
import type { Leaf } from '@/lib/ledger/entry';
import type { Sql } from './sql';

/** One entry about an activity, with its body as JSON (null when it is none). */
export type TimelineLeaf = {
  readonly seq: number | null;
  readonly leaf: Leaf;
  readonly body: { readonly [key: string]: unknown } | null;
};

/** Entries about an activity or change request, oldest first. */
export const timelineOf = async (sql: Sql, orgId: string, subject: string): Promise<TimelineLeaf[]> => {
  const { rows } = await sql.query<{ seq: string | null; content: string; body: Buffer }>(
    'SELECT seq::text AS seq, content, body FROM ledger_leaves WHERE org_id = $1 AND subject = $2 ORDER BY leaf LIMIT 500',
    [orgId, subject],
  );
  return rows.map((row) => {
    const body = parseJson(new Uint8Array(row.body));
    const isObject = body.ok && typeof body.value === 'object' && body.value !== null && !Array.isArray(body.value);
    return {
      seq: row.seq === null ? null : Number(row.seq),
      leaf: JSON.parse(row.content) as Leaf,
      body: isObject ? (body.value as { readonly [key: string]: unknown }) : null,
    };
  });
};

/** The last checkpoint entry of an organisation with the signatures of its nodes, or null. */
export const lastCheckpoint = async (sql: Sql, orgId: string): Promise<TimelineLeaf | null> => {
  const { rows } = await sql.query<{ seq: string | null; content: string; body: Buffer }>(
    "SELECT seq::text AS seq, content, body FROM ledger_leaves WHERE org_id = $1 AND kind = 'checkpoint' AND seq IS NOT NULL ORDER BY leaf DESC LIMIT 1",
    [orgId],
  );
  const row = rows[0];
  if (!row) return null;
  return { seq: Number(row.seq), leaf: JSON.parse(row.content) as Leaf, body: JSON.parse(row.body.toString('utf8')) };
};
