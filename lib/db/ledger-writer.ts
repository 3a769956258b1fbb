import type { LedgerWrite } from '@/lib/activity/store';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import type { Change, RecordKind } from '@/lib/ledger/records';
import { enqueueAll } from './job-queue';
import { writeRecords } from './records';
import type { Prepared, Sql } from './sql';

/** The sequencer hears of new leaves here, live views of anything that changed. */
export const LEAF_CHANNEL = 'countersign_leaves';
export const EVENT_CHANNEL = 'countersign_events';

/** Payload of EVENT_CHANNEL: which kinds of records changed. */
export type ChangeEvent = { readonly orgId: string; readonly kinds: readonly RecordKind[] };

/** What an entry is about: the activity or change request whose timeline it belongs to, or the key that exists from it on. */
export const subjectOf = (changes: readonly Change[]): string | null => {
  for (const change of changes) {
    if (change.kind === 'activity' || change.kind === 'changeRequest') return change.record.id;
    if (change.kind === 'approval') return change.record.subject.id;
    if (change.kind === 'key' && change.record.certificate) return change.record.id;
  }
  return null;
};

const DRAW: Prepared = {
  name: 'ledger_leaves_draw',
  text: "SELECT nextval('ledger_leaves_leaf_seq')::text AS leaf FROM generate_series(1, $1::integer)",
};
const INSERT_LEAVES: Prepared = {
  name: 'ledger_leaves_insert',
  text: `INSERT INTO ledger_leaves (leaf, id, org_id, kind, content, body, subject)
    SELECT item.leaf, item.id, $1, item.kind, item.content, decode(item.body, 'hex'), item.subject
    FROM jsonb_to_recordset($2::jsonb) AS item(leaf bigint, id text, kind text, content text, body text, subject text)`,
};
const NEXT_VERSION: Prepared = {
  name: 'governance_version_next',
  text: `INSERT INTO governance_versions (org_id, version) VALUES ($1, 1)
    ON CONFLICT (org_id) DO UPDATE SET version = governance_versions.version + 1`,
};
const NOTIFY: Prepared = { name: 'ledger_notify', text: 'SELECT pg_notify($1, $2)::text, pg_notify($3, $4)::text' };

/** Numbers of leaves, in their order. Drawn under the locks, so that entries that could conflict have theirs in the order of the locks. */
export const drawLeaves = async (sql: Sql, count: number): Promise<readonly string[]> =>
  (await sql.query<{ leaf: string }>(DRAW, [count])).rows.map(({ leaf }) => leaf);

/** An entry that was decided, with the id and number of its leaf. */
export type NewEntry = LedgerWrite & { readonly id: string; readonly number: string };

const insertLeaves = (sql: Sql, orgId: string, entries: readonly NewEntry[]): Promise<unknown> => {
  const items = entries.map(({ id, number, leaf, body, changes }) => ({
    leaf: number,
    id,
    kind: leaf.kind,
    content: canonicalJson(leaf as unknown as Json),
    body: Buffer.from(body).toString('hex'),
    subject: subjectOf(changes),
  }));
  return sql.query(INSERT_LEAVES, [orgId, JSON.stringify(items)]);
};

/** Writes leaves, records and jobs of the entries, in their order, and tells those who wait. Under the locks, in one round trip. */
export const writeEntries = async (
  sql: Sql,
  orgId: string,
  entries: readonly NewEntry[],
  change: { readonly isGovernance: boolean },
): Promise<void> => {
  if (entries.length === 0) return;
  const kinds = entries.flatMap((entry) => entry.changes.map((item) => item.kind));
  const event: ChangeEvent = { orgId, kinds: [...new Set(kinds)] };
  await Promise.all([
    insertLeaves(sql, orgId, entries),
    writeRecords(
      sql,
      orgId,
      entries.map(({ number, changes }) => ({ leaf: number, changes })),
    ),
    ...(change.isGovernance ? [sql.query(NEXT_VERSION, [orgId])] : []),
    enqueueAll(
      sql,
      entries.flatMap((entry) => entry.jobs),
    ),
    sql.query(NOTIFY, [LEAF_CHANNEL, orgId, EVENT_CHANNEL, JSON.stringify(event)]),
  ]);
};
