import { type Entry, entryBytes, entryHash, type Leaf, NO_PREVIOUS } from '@/lib/ledger/entry';
import { EMPTY_FRONTIER, extendFrontier, type Frontier, frontierRoot } from '@/lib/ledger/merkle';
import type { Db } from './client';
import { CHAINED_CHANNEL } from './ledger-feed';
import { EVENT_CHANNEL } from './ledger-writer';
import type { Sql } from './sql';
import { inSqlTransaction } from './transaction';

export type Head = { readonly seq: number; readonly hash: string; readonly frontier: Frontier };
type LeafRow = { readonly leaf: string; readonly org_id: string; readonly content: string };
export type ChainedRow = {
  readonly leaf: string;
  readonly seq: number;
  readonly bytes: string;
  readonly hash: string;
  readonly root: string;
  /** Subtrees the entry completes, see `extendFrontier`: 32 bytes each, hex. */
  readonly tree: string;
};

/** Held by whoever gives leaves their places. */
export const SEQUENCER_LOCK = 'countersign/sequencer';

/** At most this many leaves in one transaction. */
const BATCH = 1000;

/** The chain's end, locked. */
export const readHead = async (sql: Sql, orgId: string): Promise<Head> => {
  const { rows } = await sql.query<{ seq: string; hash: string; frontier: Buffer }>(
    'SELECT seq::text AS seq, hash, frontier FROM ledger_heads WHERE org_id = $1 FOR UPDATE',
    [orgId],
  );
  const row = rows[0];
  if (!row) return { seq: -1, hash: NO_PREVIOUS, frontier: EMPTY_FRONTIER };
  const nodes = Array.from(
    { length: row.frontier.length / 32 },
    (_, i) => new Uint8Array(row.frontier.subarray(32 * i, 32 * i + 32)),
  );
  return { seq: Number(row.seq), hash: row.hash, frontier: { size: Number(row.seq) + 1, nodes } };
};

/** Gives leaves their places after the head. Pure. */
export const chainLeaves = (
  head: Head,
  leaves: readonly { readonly leaf: string; readonly content: string }[],
): { readonly head: Head; readonly rows: ChainedRow[] } => {
  let { seq, hash, frontier } = head;
  const rows = leaves.map((row): ChainedRow => {
    seq += 1;
    const bytes = entryBytes({ ...(JSON.parse(row.content) as Leaf), seq, prev: hash } satisfies Entry);
    hash = entryHash(bytes);
    const extended = extendFrontier(frontier, bytes);
    frontier = extended.frontier;
    return {
      leaf: row.leaf,
      seq,
      bytes: Buffer.from(bytes).toString('hex'),
      hash,
      root: frontierRoot(frontier),
      tree: Buffer.concat(extended.completed).toString('hex'),
    };
  });
  return { head: { seq, hash, frontier }, rows };
};

/** Writes the places of leaves, the new head, and tells those who wait. */
export const writeChained = async (sql: Sql, orgId: string, rows: readonly ChainedRow[], head: Head): Promise<void> => {
  await sql.query(
    `UPDATE ledger_leaves SET seq = item.seq, bytes = decode(item.bytes, 'hex'), hash = item.hash, root = item.root, tree = decode(item.tree, 'hex'), chained_at = clock_timestamp()
     FROM jsonb_to_recordset($1::jsonb) AS item(leaf bigint, seq bigint, bytes text, hash text, root text, tree text) WHERE ledger_leaves.leaf = item.leaf`,
    [JSON.stringify(rows)],
  );
  await sql.query(
    `INSERT INTO ledger_heads (org_id, seq, hash, root, frontier) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (org_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, root = excluded.root, frontier = excluded.frontier, chained_at = clock_timestamp()`,
    [orgId, head.seq, head.hash, frontierRoot(head.frontier), Buffer.concat(head.frontier.nodes)],
  );
  await sql.query('SELECT pg_notify($1, $2)::text, pg_notify($3, $4)::text', [
    CHAINED_CHANNEL,
    orgId,
    EVENT_CHANNEL,
    JSON.stringify({ orgId, kinds: [] }),
  ]);
};

/**
 * Chains committed leaves that have no place yet, in leaf order. No cursor: a leaf that commits late is simply found later, and it
 * conflicts with none that went before, because leaf numbers are drawn under the locks.
 * Only one sequencer works at a time (advisory lock). @returns how many leaves were chained.
 */
export const sequenceOnce = (db: Pick<Db, 'pool'>): Promise<number> =>
  inSqlTransaction(db.pool, async (sql) => {
    const { rows: lock } = await sql.query<{ held: boolean }>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held',
      [SEQUENCER_LOCK],
    );
    if (!lock[0]?.held) return 0;
    const { rows } = await sql.query<LeafRow>(
      'SELECT leaf::text AS leaf, org_id, content FROM ledger_leaves WHERE seq IS NULL ORDER BY ledger_leaves.leaf LIMIT $1',
      [BATCH],
    );
    const byOrganisation = groupByOrganisation(rows);
    for (const [orgId, leaves] of byOrganisation) {
      const chained = chainLeaves(await readHead(sql, orgId), leaves);
      await writeChained(sql, orgId, chained.rows, chained.head);
    }
    return rows.length;
  });

const groupByOrganisation = (rows: readonly LeafRow[]): Map<string, LeafRow[]> => {
  const groups = new Map<string, LeafRow[]>();
  for (const row of rows) groups.set(row.org_id, [...(groups.get(row.org_id) ?? []), row]);
  return groups;
};
