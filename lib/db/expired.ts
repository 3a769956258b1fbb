import type { Sql } from './sql';

/** Rows of a table that go in one statement. */
export const BATCH = 1000;

/** Tables whose rows lose their meaning at a time, by an indexed column; kept a little longer, so that a late use is told why. */
const TABLES = [
  ['challenges', 'expires_at', 'id', '1 hour'],
  ['user_actions', 'expires_at', 'token_hash', '1 hour'],
  ['sso_logins', 'expires_at', 'hash', '1 hour'],
  ['one_time_codes', 'expires_at', 'id', '1 hour'],
  ['sessions', 'expires_at', 'jti', '1 day'],
  ['registration_codes', 'expires_at', 'hash', '30 days'],
  ['lockouts', 'failed_at', 'id', '2 days'],
] as const;

/**
 * Deletes what expired, a batch of each table at a time, so that no statement holds many rows.
 * @returns how many rows went; from a batch on there may be more.
 */
export const deleteExpired = async (sql: Sql): Promise<number> => {
  let deleted = 0;
  for (const [table, column, key, kept] of TABLES) {
    const { rows } = await sql.query(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table}
       WHERE ${column} < clock_timestamp() - interval '${kept}' ORDER BY ${column} LIMIT ${BATCH}) RETURNING 1 AS gone`,
      [],
    );
    deleted += rows.length;
  }
  return deleted;
};

/**
 * Deletes counts of requests whose minute ended an hour ago, along the primary key: an index on their time would be written at every request.
 * @param after Where the last call ended; null for the beginning.
 * @returns where the next call goes on, null at the end.
 */
export const deleteIdleBuckets = async (sql: Sql, after: string | null): Promise<string | null> => {
  const { rows } = await sql.query<{ last: string | null; seen: number }>(
    `WITH seen AS (SELECT key AS id FROM rate_limits WHERE key > $1 ORDER BY key LIMIT ${BATCH}),
     gone AS (DELETE FROM rate_limits USING seen WHERE rate_limits.key = seen.id
       AND rate_limits.expire < extract(epoch FROM clock_timestamp() - interval '1 hour') * 1000)
     SELECT max(id) AS last, count(*)::int AS seen FROM seen`,
    [after ?? ''],
  );
  return rows[0]?.seen === BATCH ? (rows[0].last ?? null) : null;
};
