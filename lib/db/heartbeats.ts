import type { Sql } from './sql';

/** Notes that a part is alive. */
export const beat = async (sql: Sql, part: string): Promise<void> => {
  await sql.query(
    'INSERT INTO heartbeats (part, at) VALUES ($1, clock_timestamp()) ON CONFLICT (part) DO UPDATE SET at = excluded.at',
    [part],
  );
};

/** Whether the part gave a sign of life within the last `withinMs`. */
export const isBeating = async (sql: Sql, part: string, withinMs: number): Promise<boolean> => {
  const { rows } = await sql.query<{ alive: boolean }>(
    'SELECT at > clock_timestamp() - make_interval(secs => $2::float8 / 1000) AS alive FROM heartbeats WHERE part = $1',
    [part, withinMs],
  );
  return rows[0]?.alive === true;
};
