import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import { writeHistory } from './governance-history';
import type { Sql } from './sql';

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

/**
 * Writes changes of one entry. @throws the database's unique violation (23505) when a once-only record exists: the caller starts over.
 * Where the entry's own records may be there already, a once-only one `stays` as it is.
 */
export const writeChanges = async (
  sql: Sql,
  orgId: string,
  leaf: string,
  changes: readonly Change[],
  options: { readonly onceAgain?: 'fails' | 'stays' } = {},
): Promise<void> => {
  const last = new Map(changes.map((change) => [`${change.kind} ${change.record.id}`, change]));
  const write = async (list: Change[], conflict: string) => {
    if (list.length === 0) return;
    await sql.query(
      `INSERT INTO ledger_records (org_id, kind, id, leaf, record)
       SELECT $1, item.kind, item.id, $2::bigint, item.record FROM jsonb_to_recordset($3::jsonb) AS item(kind text, id text, record jsonb) ${conflict}`,
      [
        orgId,
        leaf,
        JSON.stringify(list.map((change) => ({ kind: change.kind, id: change.record.id, record: change.record }))),
      ],
    );
  };
  const all = [...last.values()];
  await write(
    all.filter((change) => ONCE.includes(change.kind)),
    options.onceAgain === 'stays' ? 'ON CONFLICT (org_id, kind, id) DO NOTHING' : '',
  );
  await write(
    all.filter((change) => !ONCE.includes(change.kind)),
    'ON CONFLICT (org_id, kind, id) DO UPDATE SET record = excluded.record',
  );
  await writeHistory(sql, orgId, leaf, all);
};
