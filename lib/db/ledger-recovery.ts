import { randomUUID } from 'node:crypto';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { GOVERNANCE } from '@/lib/ledger/decision';
import { NO_PREVIOUS } from '@/lib/ledger/entry';
import { extendFrontier } from '@/lib/ledger/merkle';
import type { ActivityRecord, KeyRecord } from '@/lib/ledger/records';
import type { RecoveredEntry } from '@/lib/ledger/recovery';
import type { Db } from './client';
import { enqueue } from './job-queue';
import { takeLocks } from './ledger-locks';
import { subjectOf } from './ledger-writer';
import { writeRecords } from './records';
import { readHead, SEQUENCER_LOCK, writeChained } from './sequencer';
import type { Sql } from './sql';
import { inSqlTransaction } from './transaction';

type Waiting = { readonly leaf: string; readonly content: string; readonly body: Buffer };

const contentOf = ({ entry }: RecoveredEntry): string => {
  const { seq: _seq, prev: _prev, ...leaf } = entry;
  return canonicalJson(leaf as unknown as Json);
};

const insertLeaf = async (sql: Sql, orgId: string, item: RecoveredEntry): Promise<string> => {
  const { rows } = await sql.query<{ leaf: string }>(
    `INSERT INTO ledger_leaves (id, org_id, kind, content, body, subject, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision / 1000)) RETURNING leaf::text AS leaf`,
    [
      randomUUID(),
      orgId,
      item.entry.kind,
      contentOf(item),
      Buffer.from(item.body),
      subjectOf(item.changes),
      item.entry.at,
    ],
  );
  return rows[0]?.leaf ?? '0';
};

/**
 * Appends entries that were taken back from the nodes, with the records replay made of them, under the locks of governance and of the
 * sequencer. A leaf that was committed and not chained when the copy was made takes the place it has in the recovered chain.
 * @param after The end of the chain the entries follow; null where the database knows nothing of the organisation.
 * @returns 409 `recovery.moved` when the chain has another end by now, `recovery.fork` when the database holds an unchained entry that
 *   the recovered ones don't contain: it was decided on what the database had lost.
 */
export const appendRecovered = (
  db: Pick<Db, 'pool'>,
  orgId: string,
  after: { readonly seq: number; readonly hash: string } | null,
  entries: readonly RecoveredEntry[],
): Promise<Outcome<{ readonly seq: number }>> =>
  inSqlTransaction(db.pool, async (sql) => {
    await takeLocks(sql, orgId, [GOVERNANCE]);
    await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text', [SEQUENCER_LOCK]);
    const head = await readHead(sql, orgId);
    if (head.seq !== (after?.seq ?? -1) || head.hash !== (after?.hash ?? NO_PREVIOUS))
      return refused(409, 'recovery.moved', `The database's ledger ends at entry ${head.seq} by now.`);
    const { rows: waiting } = await sql.query<Waiting>(
      'SELECT leaf::text AS leaf, content, body FROM ledger_leaves WHERE org_id = $1 AND seq IS NULL ORDER BY ledger_leaves.leaf',
      [orgId],
    );
    const leaves: string[] = [];
    for (const item of entries) {
      const content = contentOf(item);
      const index = waiting.findIndex((row) => row.content === content && row.body.equals(item.body));
      const own = index === -1 ? undefined : waiting.splice(index, 1)[0];
      const leaf = own?.leaf ?? (await insertLeaf(sql, orgId, item));
      leaves.push(leaf);
      await writeRecords(sql, orgId, [{ leaf, changes: item.changes }], { onceAgain: own ? 'stays' : 'fails' });
    }
    if (waiting.length > 0) throw new UnchainedEntriesError(waiting.length);
    const last = entries.at(-1);
    if (!last) return accepted({ seq: head.seq });
    let { frontier } = head;
    const rows = entries.map(({ bytes, hash, root, entry }, i) => {
      const extended = extendFrontier(frontier, bytes);
      frontier = extended.frontier;
      return {
        leaf: leaves[i] ?? '0',
        seq: entry.seq,
        bytes: bytesToHex(bytes),
        hash,
        root,
        tree: Buffer.concat(extended.completed).toString('hex'),
      };
    });
    await writeChained(sql, orgId, rows, { seq: last.entry.seq, hash: last.hash, frontier: last.frontier });
    await sql.query(
      'INSERT INTO governance_versions (org_id, version) VALUES ($1, 1) ON CONFLICT (org_id) DO UPDATE SET version = governance_versions.version + 1',
      [orgId],
    );
    await enqueueUnfinished(sql, orgId, entries);
    return accepted({ seq: last.entry.seq });
  }).catch((error: unknown) => {
    if (error instanceof UnchainedEntriesError) return refused(409, 'recovery.fork', error.message);
    throw error;
  });

/** The work that the recovered entries left undone; the jobs that were there for it are lost with the database they stood in. */
const enqueueUnfinished = async (sql: Sql, orgId: string, entries: readonly RecoveredEntry[]): Promise<void> => {
  const activities = new Map<string, ActivityRecord>();
  const keys = new Map<string, KeyRecord>();
  for (const change of entries.flatMap((item) => item.changes)) {
    if (change.kind === 'activity') activities.set(change.record.id, change.record);
    if (change.kind === 'key') keys.set(change.record.id, change.record);
  }
  for (const { id: activityId, status, chain } of activities.values())
    if (status === 'Approved' || status === 'Reserved' || (status === 'Released' && !chain))
      await enqueue(sql, { name: 'sign-activity', payload: { orgId, activityId } });
  for (const { id: keyId, status } of keys.values())
    if (status === 'Creating') await enqueue(sql, { name: 'create-key', payload: { orgId, keyId } });
};

/** Undoes the transaction: nothing of a recovery may stay when the database has a history of its own. */
class UnchainedEntriesError extends Error {
  override readonly name = 'UnchainedEntriesError';
  constructor(count: number) {
    super(`The database holds ${count} entries, not chained yet, that the nodes' ledger does not contain.`);
  }
}
