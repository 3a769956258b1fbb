import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { hashBody } from '@/lib/authentication/statement';
import { isGovernanceKind } from '@/lib/db/governance-history';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import type { RecordKind } from '@/lib/ledger/records';
import { databaseUrlOf } from '../../support/kill';
import { type System, until } from '../../support/system';

type Fields = { readonly [name: string]: unknown };
export type StolenLeaf = { readonly leaf: string; readonly entry: Fields; readonly body: Buffer };

/** Somebody with full write access to the database of a running system: triggers are off, any row may be read and rewritten. */
export type Thief = {
  readonly query: <Row extends object>(sql: string, params?: readonly unknown[]) => Promise<Row[]>;
  /** A row of the replayed state, and how to overwrite it so that every process reads it anew. */
  readonly record: (orgId: string, kind: string, id: string) => Promise<Fields>;
  readonly overwrite: (orgId: string, kind: RecordKind, id: string, record: Fields) => Promise<void>;
  /** Entries of a kind that are about something named in them or in their body, oldest first. */
  readonly leaves: (orgId: string, kind: string, mention?: string) => Promise<StolenLeaf[]>;
  /** Puts an entry of the thief's own into the ledger and waits until the sequencer has chained it. */
  readonly forge: (orgId: string, entry: Fields & { kind: string }, body: Json | Buffer) => Promise<void>;
  /** Rewrites an entry that has no place in the chain yet. */
  readonly rewrite: (leaf: string, entry: Fields, body: Json) => Promise<void>;
  /** Has the coordinator sign an activity, as often as asked for. */
  readonly askToSign: (orgId: string, activityId: string, times?: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const createThief = async (system: System): Promise<Thief> => {
  const pool = new pg.Pool({ connectionString: databaseUrlOf(system.dataDir), max: 2 });
  pool.on('error', () => {});
  await pool.query('ALTER TABLE ledger_leaves DISABLE TRIGGER ALL');
  const query = async <Row extends object>(sql: string, params: readonly unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(sql, [...params])).rows;
  const isChained = async (id: string): Promise<boolean> =>
    (await query('SELECT 1 AS one FROM ledger_leaves WHERE id = $1 AND seq IS NOT NULL', [id])).length === 1;
  return {
    query,
    record: async (orgId, kind, id) => {
      const rows = await query<{ record: Fields }>(
        'SELECT record FROM ledger_records WHERE org_id = $1 AND kind = $2 AND id = $3',
        [orgId, kind, id],
      );
      if (!rows[0]) throw new Error(`There is no ${kind} ${id}.`);
      return rows[0].record;
    },
    overwrite: async (orgId, kind, id, record) => {
      await query(
        `INSERT INTO ledger_records (org_id, kind, id, leaf, record) VALUES ($1, $2, $3, 0, $4::jsonb)
         ON CONFLICT (org_id, kind, id) DO UPDATE SET record = excluded.record`,
        [orgId, kind, id, JSON.stringify(record)],
      );
      // Processes bring their copies of governance up to date from its history.
      if (isGovernanceKind(kind))
        await query(
          'INSERT INTO governance_history (org_id, kind, id, leaf, at, record) VALUES ($1, $2, $3, 0, $4, $5::jsonb)',
          [orgId, kind, id, Date.now(), JSON.stringify(record)],
        );
      await query('UPDATE governance_versions SET version = version + 1 WHERE org_id = $1', [orgId]);
    },
    leaves: async (orgId, kind, mention = '') =>
      (
        await query<{ leaf: string; content: string; body: Buffer }>(
          `SELECT leaf::text, content, body FROM ledger_leaves WHERE org_id = $1 AND kind = $2
           AND (strpos(content, $3) > 0 OR strpos(convert_from(body, 'UTF8'), $3) > 0) ORDER BY ledger_leaves.leaf`,
          [orgId, kind, mention],
        )
      ).map(({ leaf, content, body }) => ({ leaf, entry: JSON.parse(content) as Fields, body })),
    forge: async (orgId, entry, body) => {
      const id = randomUUID();
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(canonicalBytes(body));
      const content = canonicalJson({ v: 1, at: Date.now(), effects: {}, ...entry, bodyHash: hashBody(bytes) } as Json);
      await query('INSERT INTO ledger_leaves (id, org_id, kind, content, body) VALUES ($1, $2, $3, $4, $5)', [
        id,
        orgId,
        entry.kind,
        content,
        bytes,
      ]);
      await query("SELECT pg_notify('countersign_leaves', $1)::text", [orgId]);
      await until(() => isChained(id), Boolean, 10_000);
    },
    rewrite: async (leaf, entry, body) => {
      const bytes = Buffer.from(canonicalBytes(body));
      const content = canonicalJson({ ...entry, bodyHash: hashBody(bytes) } as Json);
      await query('UPDATE ledger_leaves SET content = $2, body = $3 WHERE leaf = $1::bigint AND seq IS NULL', [
        leaf,
        content,
        bytes,
      ]);
    },
    askToSign: async (orgId, activityId, times = 1) => {
      for (let i = 0; i < times; i += 1)
        await query("INSERT INTO jobs (name, payload, dedupe_key) VALUES ('sign-activity', $1::jsonb, $2)", [
          JSON.stringify({ orgId, activityId }),
          randomUUID(),
        ]);
      await query("SELECT pg_notify('countersign_jobs', 'sign-activity')::text");
    },
    close: () => pool.end(),
  };
};

/** What the nodes said about an activity, and how many entries each has found void. */
export const alarmsOf = async (thief: Thief, activityId: string) => ({
  refusals: await thief.query<{ node: number; code: string }>(
    'SELECT node, code FROM signer_refusals WHERE activity_id = $1 AND node > 0 ORDER BY id',
    [activityId],
  ),
  voids: (
    await thief.query<{ node: number; voids: number }>(
      "SELECT node, coalesce((counts->>'voidEntries')::int, 0) AS voids FROM signer_nodes ORDER BY node",
    )
  ).map(({ voids }) => voids),
});
