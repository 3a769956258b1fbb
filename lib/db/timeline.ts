import type { Leaf } from '@/lib/ledger/entry';
import type { Sql } from './sql';

/** One entry about an activity, with its body as JSON (null when it is none). */
export type TimelineLeaf = {
  readonly seq: number | null;
  readonly leaf: Leaf;
  /** The stored canonical text of `leaf`, and the exact bytes of the body. */
  readonly content: string;
  readonly bytes: Uint8Array;
  readonly body: { readonly [key: string]: unknown } | null;
};

type LeafRow = { readonly seq: string | null; readonly content: string; readonly body: Buffer };

/** Entries about an activity or change request, oldest first. */
export const timelineOf = async (sql: Sql, orgId: string, subject: string): Promise<TimelineLeaf[]> => {
  const { rows } = await sql.query<LeafRow>(
    'SELECT seq::text AS seq, content, body FROM ledger_leaves WHERE org_id = $1 AND subject = $2 ORDER BY leaf LIMIT 500',
    [orgId, subject],
  );
  return rows.map(readRow);
};

/** A row as entry and body. */
export const readRow = (row: LeafRow): TimelineLeaf => ({
  seq: row.seq === null ? null : Number(row.seq),
  leaf: JSON.parse(row.content) as Leaf,
  content: row.content,
  bytes: row.body,
  body: objectOf(row.body),
});

/** The body as a JSON object; null for an empty one. It was parsed strictly before it was written. */
const objectOf = (bytes: Buffer): TimelineLeaf['body'] => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as TimelineLeaf['body'])
      : null;
  } catch {
    return null;
  }
};

/** The last checkpoint entry of an organisation with the signatures of its nodes, or null. */
export const lastCheckpoint = async (sql: Sql, orgId: string): Promise<TimelineLeaf | null> => {
  const { rows } = await sql.query<LeafRow>(
    "SELECT seq::text AS seq, content, body FROM ledger_leaves WHERE org_id = $1 AND kind = 'checkpoint' AND seq IS NOT NULL ORDER BY leaf DESC LIMIT 1",
    [orgId],
  );
  const row = rows[0];
  return row ? readRow(row) : null;
};
