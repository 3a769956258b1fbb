import { bytesToHex } from '@/lib/domain/hash';
import { entryHash } from '@/lib/ledger/entry';
import type { SignedHead, SignedHeartbeat } from '@/lib/ledger/heartbeat';
import { signedHeadOf } from '@/lib/ledger/heartbeat';
import { leafHash } from '@/lib/ledger/merkle';
import {
  type ProofPlan,
  placeOf,
  planConsistency,
  planInclusion,
  proofOf,
  type Subtree,
} from '@/lib/ledger/merkle-proofs';
import type { Sql } from './sql';
import { readRow, type TimelineLeaf } from './timeline';

export type EntryProof = {
  readonly seq: number;
  /** Last entry of the tree the proof is in. */
  readonly at: number;
  readonly hash: string;
  readonly leaf: string;
  readonly root: string;
  readonly path: readonly string[];
};

export type TreeProof = {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: string;
  readonly toRoot: string;
  readonly path: readonly string[];
};

/** An alarm a node raised about the ledger, with the evidence it keeps. */
export type LedgerAlarm = {
  readonly node: number;
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  readonly content: unknown;
  /** Unix ms by the node's clock. */
  readonly at: number;
};

/** Reads the tree beside the entries: one row for each hash of a proof. */
const readProof = async (sql: Sql, orgId: string, plan: ProofPlan): Promise<string[]> => {
  const subtrees = plan.flat();
  if (subtrees.length === 0) return [];
  const { rows } = await sql.query<{ seq: string; tree: Buffer }>(
    'SELECT seq::text AS seq, tree FROM ledger_leaves WHERE org_id = $1 AND seq = ANY($2::bigint[])',
    [orgId, [...new Set(subtrees.map((subtree) => placeOf(subtree).seq))]],
  );
  const trees = new Map(rows.map((row) => [Number(row.seq), row.tree]));
  const hashOf = (subtree: Subtree): Uint8Array => {
    const { seq, position } = placeOf(subtree);
    const tree = trees.get(seq);
    if (!tree || tree.length < 32 * position + 32) throw new Error(`The tree of ${orgId} has no hash at entry ${seq}.`);
    return new Uint8Array(tree.subarray(32 * position, 32 * position + 32));
  };
  return proofOf(plan, hashOf);
};

const readRoots = async (sql: Sql, orgId: string, seqs: readonly number[]): Promise<Map<number, string>> => {
  const { rows } = await sql.query<{ seq: string; root: string }>(
    'SELECT seq::text AS seq, root FROM ledger_leaves WHERE org_id = $1 AND seq = ANY($2::bigint[])',
    [orgId, seqs],
  );
  return new Map(rows.map((row) => [Number(row.seq), row.root]));
};

/** Proof that entry `seq` lies in the tree that ends with entry `at`; null where the ledger does not reach that far. */
export const proveEntry = async (sql: Sql, orgId: string, seq: number, at: number): Promise<EntryProof | null> => {
  if (seq > at) return null;
  const { rows } = await sql.query<{ bytes: Buffer }>(
    'SELECT bytes FROM ledger_leaves WHERE org_id = $1 AND seq = $2',
    [orgId, seq],
  );
  const root = (await readRoots(sql, orgId, [at])).get(at);
  const bytes = rows[0]?.bytes;
  if (!bytes || root === undefined) return null;
  const path = await readProof(sql, orgId, planInclusion(seq, at + 1));
  return { seq, at, hash: entryHash(bytes), leaf: bytesToHex(leafHash(bytes)), root, path };
};

/** Proof that the tree that ends with entry `to` begins with the one that ends with entry `from`. */
export const proveTree = async (sql: Sql, orgId: string, from: number, to: number): Promise<TreeProof | null> => {
  if (from > to) return null;
  const roots = await readRoots(sql, orgId, [from, to]);
  const [fromRoot, toRoot] = [roots.get(from), roots.get(to)];
  if (fromRoot === undefined || toRoot === undefined) return null;
  return { from, to, fromRoot, toRoot, path: await readProof(sql, orgId, planConsistency(from + 1, to + 1)) };
};

/** Checkpoint entries below `before`, newest first. */
export const listCheckpoints = async (
  sql: Sql,
  orgId: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<TimelineLeaf[]> => {
  const { rows } = await sql.query<{ seq: string; content: string; body: Buffer }>(
    `SELECT seq::text AS seq, content, body FROM ledger_leaves
     WHERE org_id = $1 AND kind = 'checkpoint' AND seq < COALESCE($2::bigint, 9223372036854775807) ORDER BY ledger_leaves.seq DESC LIMIT $3`,
    [orgId, page.before, page.limit],
  );
  return rows.map(readRow);
};

/** The last heartbeat of every node that covers the organisation, as that organisation's heads alone. */
export const listHeartbeats = async (sql: Sql, orgId: string): Promise<SignedHead[]> => {
  const { rows } = await sql.query<SignedHeartbeat & { readonly at: number }>(
    `SELECT DISTINCT ON (node) node, (extract(epoch FROM at) * 1000)::float8 AS at, root, heads, signature FROM witness_heartbeats
     WHERE heads @> $1::jsonb ORDER BY node, witness_heartbeats.at DESC`,
    [JSON.stringify([{ orgId }])],
  );
  return rows.flatMap((row) => signedHeadOf({ ...row, at: Math.round(row.at) }, orgId) ?? []);
};

/** Alarms of an organisation, newest first, at most 100. */
export const listAlarms = async (sql: Sql, orgId: string): Promise<LedgerAlarm[]> => {
  const { rows } = await sql.query<Omit<LedgerAlarm, 'at'> & { readonly at: Date }>(
    'SELECT node, code, subject, message, content, at FROM ledger_alarms WHERE org_id = $1 ORDER BY id DESC LIMIT 100',
    [orgId],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
};

/** How many alarms there are about all ledgers together. */
export const countAlarms = async (sql: Sql): Promise<number> =>
  (await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM ledger_alarms')).rows[0]?.count ?? 0;
