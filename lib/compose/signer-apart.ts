import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type Libsql from 'libsql';
import type { Environment } from '@/lib/env';
import { ConfigurationError } from './process';

/**
 * Keeps a production node apart from other shares and from the database: k shares in one account's reach are one key.
 * What one machine can see of itself is checked; that nodes run under different administrators can't be.
 * @returns lets the machine go.
 * @throws {ConfigurationError} when another node's directory lies beside this one's, another node runs on this machine (one directory for
 * temporary files), or this node is told the database.
 */
export const standApart = (env: Pick<Environment, 'dataDir' | 'databaseUrl' | 'signer'>): (() => void) => {
  if (env.databaseUrl !== undefined)
    throw new ConfigurationError(`DATABASE_URL is set: a node needs no database, and ${APART}`);
  const own = `signer-${env.signer}`;
  const others = fs.existsSync(env.dataDir)
    ? fs.readdirSync(env.dataDir).filter((name) => /^signer-\d+$/.test(name) && name !== own)
    : [];
  if (others.length > 0)
    throw new ConfigurationError(`${env.dataDir} also holds ${others.join(', ')}: in production ${APART}`);
  const release = holdMachine();
  if (!release) throw new ConfigurationError(`Another node runs on this machine: in production ${APART}`);
  return release;
};

const APART =
  'each node has a machine and an administrator of its own. To try things out on one machine set PROFILE=single-machine.';

/** The operating system's lock on one file of this machine, gone with the process. @returns null while another process holds it. */
const holdMachine = (): (() => void) | null => {
  const Database = createRequire(import.meta.url)('libsql') as typeof Libsql;
  const directory = path.join(os.tmpdir(), 'countersign-signer');
  const file = path.join(directory, 'lock.db');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(file, '');
    // Nodes of other accounts look here as well.
    fs.chmodSync(directory, 0o777);
    fs.chmodSync(file, 0o666);
  }
  const db = new Database(file);
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
    return () => db.close();
  } catch {
    db.close();
    return null;
  }
};
