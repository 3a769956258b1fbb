import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/**
 * `DATA_DIR/run.json`: where the running system is, for commands and for the next start. Holds passwords, so only its owner may read it.
 * `pids` names what runs now and is empty after an orderly stop; the rest is kept so that a restart offers the same URLs.
 */
export type RunFile = z.infer<typeof RunFileSchema>;

/** Reads the run file; an absent or unreadable one counts as empty. */
export const readRunFile = (dataDir: string): RunFile => {
  try {
    return RunFileSchema.parse(JSON.parse(fs.readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return { pids: {} };
  }
};

/** Nothing runs on a data directory where something has to. Its message tells the operator what to do. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/**
 * Reads the run file of a system that runs now: the file alone, kept for the next start, says nothing about that.
 * @throws {NotRunningError} if its supervisor is gone.
 */
export const readRunningSystem = (dataDir: string): RunFile => {
  const run = readRunFile(dataDir);
  if (run.pids.start === undefined || !isProcess(run.pids.start))
    throw new NotRunningError(`No system runs on ${dataDir}: start it with npm start first.`);
  return run;
};

const isProcess = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Replaces the run file in one step: readers see the old one or the new one. */
export const writeRunFile = (dataDir: string, content: RunFile): void => {
  const unfinished = `${fileOf(dataDir)}.${process.pid}`;
  fs.writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(unfinished, fileOf(dataDir));
};

const fileOf = (dataDir: string) => path.join(dataDir, 'run.json');
const port = z.number().int().positive();

const RunFileSchema = z.object({
  serverUrl: z.string().optional(),
  anvilUrl: z.string().optional(),
  databaseUrl: z.string().optional(),
  relayUrl: z.string().optional(),
  oracleUrl: z.string().optional(),
  postgres: z.object({ port, secretPassword: z.string() }).optional(),
  /** By name: `server`, `coordinator`, …, `signer-1`, …, `postgres`, `anvil`, and `start` for the supervisor itself. */
  pids: z.record(z.string(), z.number().int().positive()),
});
