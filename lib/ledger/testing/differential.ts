import { createDb, type Db } from '@/lib/db/client';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { formatDecimal } from '@/lib/domain/decimal';
import { bytesToHex } from '@/lib/domain/hash';
import { RECORD_KINDS, type RecordKind } from '../records';
import { emptyReplica, extendReplica, type ReplicaInMemory, rootAt } from '../replay';
import { emptyLog, type WindowLog, writeToLog } from '../window-log';
import { BUCKET_MINUTES } from '../window-total';
import { TEST_PORTS } from './ports';

/** One difference between what replay computes and what the database holds; canonical JSON, null where there is no record. */
export type Difference = { readonly what: string; readonly replayed: string | null; readonly stored: string | null };

/**
 * Replays the chained ledger of an organisation as a signer node would and compares every record with the database, byte for byte.
 * Entries committed and not chained yet count as differences: chain them first.
 * @returns void entries and records that differ; empty when API and signers agree.
 */
export const compareReplayWithDatabase = async (db: Pick<Db, 'pool'>, orgId: string): Promise<Difference[]> => {
  const replica = emptyReplica(orgId);
  const differences: Difference[] = [];
  const { rows: leaves } = await db.pool.query<{
    seq: string;
    bytes: Buffer;
    body: Buffer;
    root: string;
    kind: string;
  }>(
    'SELECT seq::text AS seq, bytes, body, root, kind FROM ledger_leaves WHERE org_id = $1 AND seq IS NOT NULL ORDER BY ledger_leaves.seq',
    [orgId],
  );
  for (const leaf of leaves) {
    const extension = extendReplica(replica, new Uint8Array(leaf.bytes), new Uint8Array(leaf.body), TEST_PORTS);
    const root = rootAt(replica, replica.head?.seq ?? -1) ?? '';
    if (extension.kind !== 'applied')
      differences.push({
        what: `entry ${leaf.seq} (${leaf.kind})`,
        replayed: JSON.stringify(extension),
        stored: 'applied',
      });
    if (extension.kind === 'broken') return differences;
    if (root !== leaf.root) differences.push({ what: `root ${leaf.seq}`, replayed: root, stored: leaf.root });
  }
  const { rows } = await db.pool.query<{ kind: RecordKind; id: string; record: Json }>(
    'SELECT kind, id, record FROM ledger_records WHERE org_id = $1',
    [orgId],
  );
  const stored = new Map(rows.map((row) => [`${row.kind} ${row.id}`, canonicalJson(row.record)]));
  for (const kind of RECORD_KINDS)
    for (const [id, record] of replica.state.tables[kind]) {
      const what = `${kind} ${id}`;
      const replayed = canonicalJson(record as unknown as Json);
      const found = stored.get(what) ?? null;
      if (found !== replayed) differences.push({ what, replayed, stored: found });
      stored.delete(what);
    }
  for (const [what, found] of stored) differences.push({ what, replayed: null, stored: found });
  differences.push(...(await compareTotals(db, orgId, replica)));
  const { rows: heads } = await db.pool.query<{ hash: string; frontier: Buffer }>(
    'SELECT hash, frontier FROM ledger_heads WHERE org_id = $1',
    [orgId],
  );
  const frontier = replica.frontier.nodes.map(bytesToHex).join('');
  const head = heads[0];
  if (head && (head.hash !== replica.head?.hash || head.frontier.toString('hex') !== frontier))
    differences.push({ what: 'head', replayed: `${replica.head?.hash} ${frontier}`, stored: head.hash });
  return differences;
};

/** Sums of spending windows: those the database keeps beside its records and those of replay. */
const compareTotals = async (db: Pick<Db, 'pool'>, orgId: string, replica: ReplicaInMemory): Promise<Difference[]> => {
  const { rows } = await db.pool.query<{ bucket: string; total: string }>(
    `SELECT wallet_id || ' ' || width || ' ' || bucket AS bucket, count || ' ' || trim_scale(usd) || ' ' || unknown AS total
     FROM window_totals WHERE org_id = $1 AND count > 0`,
    [orgId],
  );
  const stored = new Map(rows.map((row) => [row.bucket, row.total]));
  const differences: Difference[] = [];
  const logs = new Map<string, WindowLog>();
  for (const record of replica.state.tables.window.values()) {
    const log = logs.get(record.walletId) ?? emptyLog();
    logs.set(record.walletId, log);
    writeToLog(log, record);
  }
  for (const [walletId, log] of logs)
    for (const width of BUCKET_MINUTES)
      for (const [bucket, { count, usd, unknown }] of log.totals[width]) {
        const what = `${walletId} ${width} ${bucket}`;
        const replayed = `${count} ${formatDecimal(usd)} ${unknown}`;
        const found = stored.get(what) ?? null;
        if (found !== replayed) differences.push({ what: `window total ${what}`, replayed, stored: found });
        stored.delete(what);
      }
  for (const [what, total] of stored) differences.push({ what: `window total ${what}`, replayed: null, stored: total });
  return differences;
};

/**
 * Compares every organisation of a database in the same way, once everything committed is chained.
 * @returns how many organisations agreed. @throws naming what differs, or after 20 s without rest.
 */
export const compareLedgers = async (databaseUrl: string): Promise<number> => {
  const db = createDb({ url: databaseUrl, maxConnections: 2 });
  const { pool } = db;
  try {
    const waiting = async (): Promise<boolean> =>
      (await pool.query('SELECT 1 FROM ledger_leaves WHERE seq IS NULL LIMIT 1')).rows.length > 0;
    for (const end = Date.now() + 20_000; await waiting(); await new Promise((resolve) => setTimeout(resolve, 100)))
      if (Date.now() > end) throw new Error('Entries are committed and not chained.');
    const { rows } = await pool.query<{ org_id: string }>('SELECT DISTINCT org_id FROM ledger_leaves ORDER BY org_id');
    const differing: string[] = [];
    for (const { org_id: orgId } of rows)
      for (const difference of await compareReplayWithDatabase({ pool }, orgId))
        differing.push(`${orgId} ${JSON.stringify(difference).slice(0, 800)}`);
    if (differing.length > 0) throw new Error(`Replay and database differ:\n${differing.slice(0, 20).join('\n')}`);
    return rows.length;
  } finally {
    await db.close();
  }
};
