import type { Db } from '@/lib/db/client';

export const MILLION = 1_000_000;

/** Rows in bulk: indexes are made afterwards, and sums by one statement instead of row by row. */
export const inBulk = async (pool: Db['pool'], insert: () => Promise<void>): Promise<void> => {
  const { rows } = await pool.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'ledger_records' AND indexname <> 'ledger_records_pkey'",
  );
  await pool.query('ALTER TABLE ledger_records DISABLE TRIGGER USER');
  for (const { indexname } of rows) await pool.query(`DROP INDEX ${indexname}`);
  await insert();
  for (const { indexdef } of rows) await pool.query(indexdef);
  await pool.query('ALTER TABLE ledger_records ENABLE TRIGGER USER');
  // What autovacuum does to a table that grew slowly; it would otherwise run beside the measurement.
  for (const table of ['ledger_records', 'window_totals']) await pool.query(`VACUUM (ANALYZE) ${table}`);
  await pool.query('CHECKPOINT');
};
