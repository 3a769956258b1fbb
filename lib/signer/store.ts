import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Libsql from 'libsql';

/** A value a node's store holds: integers up to 2^53, text, bytes or nothing. */
export type StoredValue = number | string | Uint8Array | null;
export type Row = { readonly [column: string]: StoredValue };

/** A node's own file. Every call commits and is on the disk (fsync) when it returns; all calls are synchronous. */
export type Store = {
  run(sql: string, ...values: readonly StoredValue[]): number;
  all(sql: string, ...values: readonly StoredValue[]): Row[];
  get(sql: string, ...values: readonly StoredValue[]): Row | undefined;
  /** All or nothing. May not be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/**
 * Opens (and at first makes) `<directory>/signer.db` with the directory at 0700 and the file at 0600.
 * The file is locked by the operating system for as long as this process lives: a second opener is refused, also in another process.
 * @throws {StoreLockedError}
 */
export const openStore = (directory: string): Store => {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.chmodSync(directory, 0o700);
  const file = path.join(directory, 'signer.db');
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  const Database = createRequire(import.meta.url)('libsql') as typeof Libsql;
  const db = new Database(file);
  try {
    // EXCLUSIVE keeps the locks of the file until it is closed, and needs no shared-memory file beside it.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // Ids are random: pages of every index are wanted again and again. 16 MiB, also in a store of gigabytes.
    db.pragma('cache_size = -16384');
    db.exec('BEGIN IMMEDIATE');
    addColumns(db);
    for (const statement of SCHEMA) db.exec(statement);
    db.exec('COMMIT');
  } catch (cause) {
    db.close();
    if (cause instanceof Error && /locked|busy/i.test(cause.message)) throw new StoreLockedError(directory);
    throw cause;
  }
  const prepared = new Map<string, Libsql.Statement>();
  const statement = (sql: string): Libsql.Statement => {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const all: Store['all'] = (sql, ...values) => (statement(sql).all(values) as Record<string, unknown>[]).map(toRow);
  return {
    run: (sql, ...values) => statement(sql).run(values).changes,
    all,
    // A list of rows keeps about a kilobyte outside the heap until the event loop turns; one row does not.
    get: (sql, ...values) => {
      const row = statement(sql).get(values) as Record<string, unknown> | undefined;
      return row && toRow(row);
    },
    transaction: (work) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => {
      prepared.clear();
      // Statements keep the connection open until they are collected; leaving WAL and EXCLUSIVE lets go of the file now.
      db.pragma('journal_mode = DELETE');
      db.pragma('locking_mode = NORMAL');
      db.prepare('SELECT 1 FROM setting').all();
      db.close();
    },
  };
};

export class StoreLockedError extends Error {
  override readonly name = 'StoreLockedError';
  constructor(directory: string) {
    super(`The signer's directory ${directory} is in use by another process: a node runs once.`);
  }
}

/** Columns that stores of earlier versions lack. */
const addColumns = (db: Libsql.Database): void => {
  for (const [table, column, definition] of ADDED) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all([table]) as { name: string }[];
    if (columns.length > 0 && !columns.some(({ name }) => name === column))
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
  }
};

const ADDED = [
  ['ceremony', 'found', 'INTEGER NOT NULL DEFAULT 0'],
  ['entry', 'top', 'BLOB'],
] as const;

const toRow = (row: Record<string, unknown>): Row => {
  const taken: { [column: string]: StoredValue } = {};
  for (const column of Object.keys(row)) {
    const value = row[column];
    if (column === '_metadata') continue;
    if (Buffer.isBuffer(value)) taken[column] = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    else if (value instanceof ArrayBuffer) taken[column] = new Uint8Array(value);
    else taken[column] = value as StoredValue;
  }
  return taken;
};

/** The replayed state of each organisation; it can be made again from the entries at any time. */
const STATE_SCHEMA = [
  'CREATE TABLE IF NOT EXISTS state_head (org TEXT PRIMARY KEY, version INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, root TEXT NOT NULL, governed_at INTEGER NOT NULL, voids INTEGER NOT NULL, checkpoints TEXT NOT NULL)',
  // In the order of their first writing: policies are evaluated in it.
  'CREATE TABLE IF NOT EXISTS state_record (ord INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (org, kind, id))',
  `CREATE TABLE IF NOT EXISTS state_window (
    ord INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, id TEXT NOT NULL, activity TEXT NOT NULL, wallet TEXT NOT NULL, place INTEGER,
    time INTEGER NOT NULL, counts INTEGER NOT NULL, pending INTEGER, settled INTEGER NOT NULL, record TEXT NOT NULL, UNIQUE (org, id))`,
  'CREATE INDEX IF NOT EXISTS state_window_activity ON state_window (org, activity, wallet)',
  'CREATE INDEX IF NOT EXISTS state_window_time ON state_window (org, wallet, time, counts, pending, ord)',
  'CREATE INDEX IF NOT EXISTS state_window_unsettled ON state_window (org, place) WHERE settled = 0',
  'CREATE INDEX IF NOT EXISTS state_window_wallet ON state_window (org, wallet, ord)',
  // Few at any time: those that only time may end are asked for with every request of the wallet.
  'CREATE INDEX IF NOT EXISTS state_window_pending ON state_window (org, wallet, ord) WHERE counts = 1 AND pending IS NOT NULL',
  // Sums of the requests that stand until an entry frees them; `usd` is an exact decimal.
  'CREATE TABLE IF NOT EXISTS state_window_total (org TEXT NOT NULL, wallet TEXT NOT NULL, width INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL, usd TEXT NOT NULL, unknown INTEGER NOT NULL, PRIMARY KEY (org, wallet, width, bucket)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS state_number (org TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (org, kind, id)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS state_statement (org TEXT NOT NULL, id TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (org, id)) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS state_statement_expires ON state_statement (org, expires)',
  // Entries that replay found void.
  'CREATE TABLE IF NOT EXISTS state_void (org TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (org, seq)) WITHOUT ROWID',
] as const;

const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS entry (org TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, body BLOB NOT NULL, top BLOB, PRIMARY KEY (org, seq))',
  ...STATE_SCHEMA,
  // Entries of another history of a stopped ledger, until they are judged as a whole.
  'CREATE TABLE IF NOT EXISTS offered_entry (org TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (org, seq))',
  // An organisation whose chain was found broken or forked. It is not followed again until an operator removes the row.
  'CREATE TABLE IF NOT EXISTS stopped (org TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL)',
  'CREATE TABLE IF NOT EXISTS evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL)',
  'CREATE TABLE IF NOT EXISTS witnessed (org TEXT NOT NULL, seq INTEGER NOT NULL, root TEXT NOT NULL, at INTEGER NOT NULL, signed_at INTEGER NOT NULL, PRIMARY KEY (org, seq, root, at))',
  'CREATE TABLE IF NOT EXISTS alarm (org TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (org, code, subject))',
  // Activities this node will never release (again).
  "CREATE TABLE IF NOT EXISTS promise (org TEXT NOT NULL, activity TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('abandon', 'cancel')), at INTEGER NOT NULL, PRIMARY KEY (org, activity))",
  `CREATE TABLE IF NOT EXISTS ceremony (
    nonce TEXT PRIMARY KEY, ceremony TEXT UNIQUE, org TEXT NOT NULL, activity TEXT NOT NULL, bundle TEXT NOT NULL, digest TEXT NOT NULL,
    pin TEXT NOT NULL, counter INTEGER NOT NULL UNIQUE, released INTEGER NOT NULL DEFAULT 0, result TEXT, at INTEGER NOT NULL, found INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('ACCEPTED', 'R1', 'R2', 'RELEASED', 'DONE', 'ABORTED')))`,
  // What was released and not found in the ledger yet (`found` 0): looked through at every heartbeat, and there are few.
  'DROP INDEX IF EXISTS ceremony_unfound',
  'CREATE INDEX IF NOT EXISTS ceremony_unaccounted ON ceremony (at) WHERE released = 1 AND found = 0',
  'CREATE INDEX IF NOT EXISTS ceremony_activity ON ceremony (org, activity) WHERE released = 1',
  'CREATE INDEX IF NOT EXISTS ceremony_pin ON ceremony (org, pin) WHERE released = 1',
  'CREATE TABLE IF NOT EXISTS used_ceremony (ceremony TEXT PRIMARY KEY)',
  'CREATE TABLE IF NOT EXISTS peer_counter (key TEXT NOT NULL, counter INTEGER NOT NULL, PRIMARY KEY (key, counter))',
  // The last acceptance each peer signed, as it was shown: a peer with an older store is shown its own signature.
  'CREATE TABLE IF NOT EXISTS peer_accept (key TEXT PRIMARY KEY, counter INTEGER NOT NULL, signed TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS key_share (key_id TEXT NOT NULL, transcript TEXT NOT NULL, fields TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (key_id, transcript))',
  `CREATE TABLE IF NOT EXISTS pair (
    peer INTEGER NOT NULL, key TEXT NOT NULL, epoch INTEGER NOT NULL, fields TEXT NOT NULL, sealed BLOB, at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('READY', 'BURNED')), PRIMARY KEY (key, epoch))`,
  'CREATE TABLE IF NOT EXISTS pair_peer (key TEXT PRIMARY KEY, peer INTEGER NOT NULL, highest INTEGER NOT NULL DEFAULT 0, excluded TEXT)',
  'CREATE TABLE IF NOT EXISTS suspicion (key TEXT NOT NULL, at INTEGER NOT NULL)',
] as const;
