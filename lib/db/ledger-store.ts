import { randomUUID } from 'node:crypto';
import type { LedgerStore, LedgerWrite, LockedLedger, Subject } from '@/lib/activity/store';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { GOVERNANCE } from '@/lib/ledger/decision';
import type { Change, RecordKind } from '@/lib/ledger/records';
import { find, type OrgState } from '@/lib/ledger/state';
import type { Db } from './client';
import type { GovernanceCopies } from './governance-copy';
import { isGovernanceKind } from './governance-history';
import { enqueue } from './job-queue';
import { getRecord, writeChanges } from './records';
import { pgSql, type Sql } from './sql';
import { loadState } from './state-loader';
import { inSqlTransaction } from './transaction';

/** The sequencer hears of new leaves here, live views of anything that changed. */
export const LEAF_CHANNEL = 'countersign_leaves';
export const EVENT_CHANNEL = 'countersign_events';

/** Payload of EVENT_CHANNEL: which kinds of records changed. */
export type ChangeEvent = { readonly orgId: string; readonly kinds: readonly RecordKind[] };

/** Races a once-only record lost; each attempt reads the state anew. */
const ATTEMPTS = 5;

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === '23505';

/** Locks in the one order everybody takes them: organisation, key, credential. */
export const takeLocks = async (sql: Sql, orgId: string, lane: string, credentialId?: string): Promise<void> => {
  const shared = lane === GOVERNANCE ? '' : '_shared';
  await sql.query(`SELECT pg_advisory_xact_lock${shared}(hashtextextended($1, 0))::text`, [`org:${orgId}`]);
  if (lane !== GOVERNANCE)
    await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text', [`key:${orgId}:${lane}`]);
  if (credentialId !== undefined)
    await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
      `counter:${orgId}:${credentialId}`,
    ]);
};

/** What an entry is about: the activity or change request whose timeline it belongs to, or the key that exists from it on. */
export const subjectOf = (changes: readonly Change[]): string | null => {
  for (const change of changes) {
    if (change.kind === 'activity' || change.kind === 'changeRequest') return change.record.id;
    if (change.kind === 'approval') return change.record.subject.id;
    if (change.kind === 'key' && change.record.certificate) return change.record.id;
  }
  return null;
};

const writeEntry = async (sql: Sql, orgId: string, lane: string, write: LedgerWrite): Promise<string> => {
  const id = randomUUID();
  const { rows } = await sql.query<{ leaf: string }>(
    'INSERT INTO ledger_leaves (id, org_id, kind, content, body, subject) VALUES ($1, $2, $3, $4, $5, $6) RETURNING leaf::text AS leaf',
    [
      id,
      orgId,
      write.leaf.kind,
      canonicalJson(write.leaf as unknown as Json),
      Buffer.from(write.body),
      subjectOf(write.changes),
    ],
  );
  await writeChanges(sql, orgId, rows[0]?.leaf ?? '0', write.changes);
  if (lane === GOVERNANCE || write.changes.some((change) => isGovernanceKind(change.kind)))
    await sql.query(
      'INSERT INTO governance_versions (org_id, version) VALUES ($1, 1) ON CONFLICT (org_id) DO UPDATE SET version = governance_versions.version + 1',
      [orgId],
    );
  for (const job of write.jobs) await enqueue(sql, job);
  const event: ChangeEvent = { orgId, kinds: [...new Set(write.changes.map((change) => change.kind))] };
  await sql.query('SELECT pg_notify($1, $2)::text, pg_notify($3, $4)::text', [
    LEAF_CHANNEL,
    orgId,
    EVENT_CHANNEL,
    JSON.stringify(event),
  ]);
  return id;
};

/** Places of the recoveries whose credentials wait and are not settled; asked for a checkpoint alone. */
const placesOfRecoveries = async (
  sql: Sql,
  orgId: string,
  state: OrgState | null,
): Promise<LockedLedger['placeOf']> => {
  const recovered = state ? (find(state, 'org', orgId)?.recovered ?? []) : [];
  const ids = recovered.filter((item) => item.settledAt === undefined).map((item) => item.credentialId);
  if (ids.length === 0) return () => null;
  const { rows } = await sql.query<{ id: string; seq: string | null }>(
    `SELECT h.id, min(l.seq)::text AS seq FROM governance_history h LEFT JOIN ledger_leaves l ON l.leaf = h.leaf
     WHERE h.org_id = $1 AND h.kind = 'credential' AND h.id = ANY ($2::text[]) GROUP BY h.id`,
    [orgId, ids],
  );
  const places = new Map(rows.flatMap(({ id, seq }) => (seq === null ? [] : [[id, Number(seq)] as const])));
  return (credentialId) => places.get(credentialId) ?? null;
};

/** The ledger in PostgreSQL. Each process keeps its own copy of governance, checked against its version at every use. */
export const createLedgerStore = (db: Db, copies: GovernanceCopies = new Map()): LedgerStore => {
  const rootsUpTo = async (sql: Sql, orgId: string, seq: number | undefined): Promise<LockedLedger['rootAt']> => {
    if (seq === undefined) return () => null;
    const { rows } = await sql.query<{ root: string }>(
      'SELECT root FROM ledger_leaves WHERE org_id = $1 AND seq = $2',
      [orgId, seq],
    );
    // A root that isn't known is none at all: such a checkpoint must not pass.
    return (asked) => (asked === seq ? (rows[0]?.root ?? '') : null);
  };
  return {
    locked: async (input, work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await inSqlTransaction(db.pool, async (sql) => {
            await takeLocks(sql, input.orgId, input.lane, input.credentialId);
            const at = input.now();
            const state = await loadState(sql, input.orgId, { ...input.subject, at }, copies);
            const rootAt = await rootsUpTo(sql, input.orgId, input.checkpointSeq);
            const placeOf = await placesOfRecoveries(
              sql,
              input.orgId,
              input.checkpointSeq === undefined ? null : state,
            );
            return work({
              state,
              at,
              rootAt,
              placeOf,
              write: (write) => writeEntry(sql, input.orgId, input.lane, write),
            });
          });
        } catch (error) {
          if (!isUniqueViolation(error) || attempt >= ATTEMPTS) throw error;
        }
      }
    },
    read: (orgId: string, subject: Subject) =>
      inSqlTransaction(db.pool, async (sql) => loadState(sql, orgId, subject, copies), { isolation: 'RepeatableRead' }),
    getRecord: (orgId, kind, id) => getRecord(pgSql(db.pool), orgId, kind, id),
  };
};
