import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '@/lib/compose/process';
import type { Environment } from '@/lib/env';

/** A lock that ends with the process that holds it, however it ends. */
export type ProcessLock = { release: () => void };

/**
 * Takes a lock file, or finds nothing if another process holds it. The lock is the operating system's, reached through SQLite:
 * a pid in a file would outlive a killed process.
 */
export const findLock = (file: string): ProcessLock | null => {
  const Database = createRequire(import.meta.url)('libsql') as new (
    file: string,
    options: { timeout: number },
  ) => { exec(sql: string): void; close(): void };
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return null;
    throw error;
  }
  return { release: () => database.close() };
};

/** @throws {ConfigurationError} if the data directory is in use. */
export const lockDataDirectory = (dataDir: string): ProcessLock => {
  fs.mkdirSync(path.dirname(dataDir), { recursive: true });
  if (!fs.existsSync(dataDir)) fs.mkdirSync(dataDir, { mode: 0o711 });
  const lock = findLock(path.join(dataDir, 'lock'));
  if (!lock) throw new ConfigurationError(`Another start already runs on ${dataDir}; stop it or set DATA_DIR.`);
  return lock;
};

/**
 * Compares the environment with that of the first start on this data directory.
 * Keys are shared among n nodes with threshold k for good, so these two can't be changed by starting differently.
 * @returns sentences to show the operator about differences that are allowed.
 * @throws {ConfigurationError} if k or n differ.
 */
export const checkInstance = (
  env: Pick<Environment, 'dataDir' | 'signers' | 'threshold' | 'publicUrl' | 'origins'>,
): string[] => {
  const file = path.join(env.dataDir, 'instance.json');
  const now: Instance = {
    signers: env.signers,
    threshold: env.threshold,
    publicUrl: env.publicUrl,
    origins: [...env.origins],
  };
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, `${JSON.stringify(now)}\n`, { mode: 0o600 });
    return [];
  }
  const first = InstanceSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  if (first.signers !== now.signers || first.threshold !== now.threshold) {
    throw new ConfigurationError(
      `${env.dataDir} was first started with SIGNERS=${first.signers} THRESHOLD=${first.threshold}, and its keys are shared that way; ` +
        `SIGNERS=${now.signers} THRESHOLD=${now.threshold} can't use them. Set the old values or another DATA_DIR.`,
    );
  }
  const isSame = first.publicUrl === now.publicUrl && first.origins.join() === now.origins.join();
  return isSame
    ? []
    : [
        `PUBLIC_URL or ORIGINS differ from the first start (${first.publicUrl}; ${first.origins.join()}): passkeys made there are refused here.`,
      ];
};

type Instance = z.infer<typeof InstanceSchema>;
const InstanceSchema = z.object({
  signers: z.number().int(),
  threshold: z.number().int(),
  publicUrl: z.string(),
  origins: z.array(z.string()),
});
