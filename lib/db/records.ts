import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import { writeHistory } from './governance-history';
import type { Prepared, Sql } from './sql';

/** One record by id, or null. Ids of other organisations are not found. */
export const getRecord = async <K extends RecordKind>(
  sql: Sql,
  orgId: string,
  kind: K,
  id: string,
): Promise<Records[K] | null> => {
  const { rows } = await sql.query<{ record: Records[K] }>(
    'SELECT record FROM ledger_records WHERE org_id = $1 AND kind = $2 AND id = $3',
    [orgId, kind, id],
  );
  return rows[0]?.record ?? null;
};

/** Records by ids, in no particular order. */
export const getRecords = async <K extends RecordKind>(
  sql: Sql,
  orgId: string,
  kind: K,
  ids: readonly string[],
): Promise<Records[K][]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<{ record: Records[K] }>(
    'SELECT record FROM ledger_records WHERE org_id = $1 AND kind = $2 AND id = ANY ($3::text[])',
    [orgId, kind, [...ids]],
  );
  return rows.map((row) => row.record);
};

/** A page of records, newest first. `before` is the ordinal the last page ended at. */
export type RecordPage = { readonly limit: number; readonly before?: string };

/**
 * Lists records of a kind whose top-level text members equal the filter's, newest first (keyset by ordinal).
 * @returns the records and the ordinal to go on from, absent on the last page.
 */
export const listRecords = async <K extends RecordKind>(
  sql: Sql,
  orgId: string,
  kind: K,
  filter: { readonly [member: string]: string | readonly string[] | undefined },
  page: RecordPage,
): Promise<{ readonly items: Records[K][]; readonly next?: string }> => {
  const params: unknown[] = [orgId, kind, page.limit + 1];
  const where = ['org_id = $1', 'kind = $2'];
  if (page.before !== undefined) where.push(`ordinal < $${params.push(page.before)}::bigint`);
  for (const [member, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    if (!/^[A-Za-z]+$/.test(member)) throw new RangeError(`Not a record member: ${member}`);
    // One value is asked for by itself: an index then gives the page in its order, however many rows lie before it.
    where.push(
      typeof value === 'string'
        ? `record->>'${member}' = $${params.push(value)}::text`
        : `record->>'${member}' = ANY ($${params.push([...value])}::text[])`,
    );
  }
  const { rows } = await sql.query<{ record: Records[K]; ordinal: string }>(
    `SELECT record, ordinal::text AS ordinal FROM ledger_records WHERE ${where.join(' AND ')} ORDER BY ledger_records.ordinal DESC LIMIT $3::int`,
    params,
  );
  const items = rows.slice(0, page.limit).map((row) => row.record);
  const last = rows[page.limit - 1];
  return rows.length > page.limit && last ? { items, next: last.ordinal } : { items };
};

/** Kinds whose record may be written once only: writing it again is a race lost, not an update. */
const ONCE: readonly RecordKind[] = ['statement', 'externalId'];

const insertRecords = (name: string, conflict: string): Prepared => ({
  name: `ledger_records_${name}`,
  text: `INSERT INTO ledger_records (org_id, kind, id, leaf, record)
    SELECT $1, item.kind, item.id, item.leaf, item.record
    FROM jsonb_to_recordset($2::jsonb) AS item(kind text, id text, leaf bigint, record jsonb) ${conflict}`,
});
const INSERT_ONCE = insertRecords('once', '');
const INSERT_UNLESS_THERE = insertRecords('unless_there', 'ON CONFLICT (org_id, kind, id) DO NOTHING');
const UPSERT = insertRecords('upsert', 'ON CONFLICT (org_id, kind, id) DO UPDATE SET record = excluded.record');

/** What one entry wrote, under the number of its leaf. */
export type ChangesOf = { readonly leaf: string; readonly changes: readonly Change[] };

type Row = Change & { readonly leaf: string };

/** The last state of each record, under the leaf that wrote it first and in the order in which they came to be. */
const lastStates = (rows: readonly Row[]): Row[] => {
  const states = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.kind} ${row.record.id}`;
    states.set(key, { ...row, leaf: states.get(key)?.leaf ?? row.leaf });
  }
  return [...states.values()];
};

/**
 * Writes what entries changed, in their order. @throws the database's unique violation (23505) when a once-only record exists, also when
 * two of the entries write it: the caller starts over. Where the entries' own records may be there already, a once-only one `stays` as it is.
 */
export const writeRecords = async (
  sql: Sql,
  orgId: string,
  entries: readonly ChangesOf[],
  options: { readonly onceAgain?: 'fails' | 'stays' } = {},
): Promise<void> => {
  const write = async (list: readonly Row[], statement: Prepared) => {
    if (list.length === 0) return;
    const rows = list.map(({ kind, record, leaf }) => ({ kind, id: record.id, leaf, record }));
    await sql.query(statement, [orgId, JSON.stringify(rows)]);
  };
  const ofEach = entries.map(({ leaf, changes }) => lastStates(changes.map((change) => ({ ...change, leaf }))));
  const all = ofEach.flat();
  await Promise.all([
    // SECURITY: once-only records of two entries are never taken for one, or the second would not be noticed.
    write(
      all.filter(({ kind }) => ONCE.includes(kind)),
      options.onceAgain === 'stays' ? INSERT_UNLESS_THERE : INSERT_ONCE,
    ),
    write(lastStates(all.filter(({ kind }) => !ONCE.includes(kind))), UPSERT),
    ...entries.map(({ leaf }, at) => writeHistory(sql, orgId, leaf, ofEach[at] ?? [])),
  ]);
};

/** Writes what one entry changed; see `writeRecords`. */
export const writeChanges = (sql: Sql, orgId: string, leaf: string, changes: readonly Change[]): Promise<void> =>
  writeRecords(sql, orgId, [{ leaf, changes }]);
