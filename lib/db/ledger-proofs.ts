import type { SignedHead, SignedHeartbeat } from '@/lib/ledger/heartbeat';
import { signedHeadOf } from '@/lib/ledger/heartbeat';
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

type TreeRow = { readonly seq: string; readonly hash: string; readonly root: string; readonly tree: Buffer };

/** Reads the rows of a proof at once: one for each subtree and those asked for besides. */
const readTree = async (sql: Sql, orgId: string, plan: ProofPlan, besides: readonly number[]) => {
  const seqs = new Set([...besides, ...plan.flat().map((subtree) => placeOf(subtree).seq)]);
  const { rows } = await sql.query<TreeRow>(
    'SELECT seq::text AS seq, hash, root, tree FROM ledger_leaves WHERE org_id = $1 AND seq = ANY($2::bigint[])',
    [orgId, [...seqs]],
  );
  const bySeq = new Map(rows.map((row) => [Number(row.seq), row]));
  const hashOf = (subtree: Subtree): Uint8Array => {
    const { seq, position } = placeOf(subtree);
    const tree = bySeq.get(seq)?.tree;
    if (!tree || tree.length < 32 * position + 32) throw new Error(`The tree of ${orgId} has no hash at entry ${seq}.`);
    return new Uint8Array(tree.subarray(32 * position, 32 * position + 32));
  };
  return { row: (seq: number): TreeRow | undefined => bySeq.get(seq), path: () => proofOf(plan, hashOf) };
};

/** Proof that entry `seq` lies in the tree that ends with entry `at`; null where the ledger does not reach that far. */
export const proveEntry = async (sql: Sql, orgId: string, seq: number, at: number): Promise<EntryProof | null> => {
  if (seq > at) return null;
  const found = await readTree(sql, orgId, planInclusion(seq, at + 1), [seq, at]);
  const [own, last] = [found.row(seq), found.row(at)];
  if (!own || !last) return null;
  return { seq, at, hash: own.hash, leaf: own.tree.toString('hex', 0, 32), root: last.root, path: found.path() };
};

/** Proof that the tree that ends with entry `to` begins with the one that ends with entry `from`. */
export const proveTree = async (sql: Sql, orgId: string, from: number, to: number): Promise<TreeProof | null> => {
  if (from > to) return null;
  const found = await readTree(sql, orgId, planConsistency(from + 1, to + 1), [from, to]);
  const [first, last] = [found.row(from), found.row(to)];
  if (!first || !last) return null;
  return { from, to, fromRoot: first.root, toRoot: last.root, path: found.path() };
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
