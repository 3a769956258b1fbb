import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

/** The lock id and the history table are those of `prisma migrate deploy`, so either may be used on one database. */
const PRISMA_LOCK = 72_707_369;

/**
 * Applies the migrations not yet applied, in the order of their names, one process at a time.
 * Each file runs as one implicit transaction.
 * @returns the names applied now.
 * @throws {MigrationError} if an applied migration was edited, is missing or failed earlier.
 */
export const migrate = async (url: string, dir = path.join(import.meta.dirname, 'migrations')): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(HISTORY);
    const files = readMigrations(dir);
    const pending = await pendingOf(client, files);
    for (const file of pending) await apply(client, file);
    return pending.map((file) => file.name);
  } finally {
    await client.end();
  }
};

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

type Migration = { name: string; sql: string; checksum: string };

const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

const readMigrations = (dir: string): Migration[] =>
  readdirSync(dir)
    .filter((name) => existsSync(path.join(dir, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(dir, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });

const pendingOf = async (client: pg.Client, files: Migration[]): Promise<Migration[]> => {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const row of rows) {
    const name = row.migration_name;
    if (!row.finished_at) throw new MigrationError(`Migration ${name} failed earlier and must be repaired by hand.`);
    const file = byName.get(name);
    if (!file) throw new MigrationError(`The database has migration ${name}, which this version does not know.`);
    if (file.checksum !== row.checksum) throw new MigrationError(`Migration ${name} was edited after it was applied.`);
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return files.filter((file) => !applied.has(file.name));
};

const apply = async (client: pg.Client, { name, sql, checksum }: Migration): Promise<void> => {
  const id = randomUUID();
  // The file and its mark are one transaction: a process killed in between leaves nothing half done.
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)',
      [id, checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration ${name} could not be applied: ${reason}`, { cause });
  }
};
