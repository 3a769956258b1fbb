import { randomUUID } from 'node:crypto';
import type { Sql } from './sql';

/** Asks whether this database is as far as the nodes hold the ledgers. @returns the question's id. */
export const askRecoveryCheck = async (sql: Sql): Promise<string> => {
  const id = randomUUID();
  await sql.query('INSERT INTO recovery_checks (id) VALUES ($1)', [id]);
  return id;
};

/** Whether the question was answered; null where the database doesn't know it. An answered one is forgotten. */
export const readRecoveryCheck = async (
  sql: Sql,
  id: string,
): Promise<{ readonly isAnswered: boolean; readonly waitsFor: string | null } | null> => {
  const { rows } = await sql.query<{ answered: boolean; waits_for: string | null }>(
    'SELECT answered_at IS NOT NULL AS answered, waits_for FROM recovery_checks WHERE id = $1',
    [id],
  );
  const [row] = rows;
  if (!row) return null;
  if (row.answered) await sql.query('DELETE FROM recovery_checks WHERE id = $1', [id]);
  return { isAnswered: row.answered, waitsFor: row.waits_for };
};

/** Questions nobody has answered. Those of processes that are gone are forgotten after a day. */
export const openRecoveryChecks = async (sql: Sql): Promise<readonly string[]> => {
  const { rows } = await sql.query<{ id: string }>(
    'SELECT id FROM recovery_checks WHERE answered_at IS NULL LIMIT 1000',
  );
  if (rows.length > 0)
    await sql.query("DELETE FROM recovery_checks WHERE asked_at < clock_timestamp() - interval '1 day'");
  return rows.map(({ id }) => id);
};

/** @param waitsFor What keeps from answering, in words; null is the answer: no node is ahead. */
export const answerRecoveryChecks = async (
  sql: Sql,
  ids: readonly string[],
  waitsFor: string | null,
): Promise<void> => {
  await sql.query(
    // Another coordinator, which the nodes are connected to, may have answered meanwhile.
    `UPDATE recovery_checks SET answered_at = CASE WHEN $2::text IS NULL THEN clock_timestamp() END, waits_for = $2
     WHERE id = ANY($1::text[]) AND answered_at IS NULL`,
    [[...ids], waitsFor],
  );
};

/** How many entries all ledgers of the database hold together, chained or not. */
export const countEntries = async (sql: Sql): Promise<number> => {
  const { rows } = await sql.query<{ chained: string; waiting: boolean }>(
    `SELECT (SELECT coalesce(sum(seq + 1), 0) FROM ledger_heads)::text AS chained,
            EXISTS (SELECT 1 FROM ledger_leaves WHERE seq IS NULL) AS waiting`,
  );
  return Number(rows[0]?.chained ?? 0) + (rows[0]?.waiting ? 1 : 0);
};
