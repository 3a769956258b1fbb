import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from '@/lib/db/embedded-postgres-paths';

/**
 * Stops a server that still runs on this cluster although whoever started it is gone, and clears a pid file that names a process
 * which is something else by now.
 */
export const stopLeftover = async (clusterDir: string): Promise<void> => {
  const pidFile = path.join(clusterDir, 'postmaster.pid');
  if (!fs.existsSync(pidFile)) return;
  const pid = Number.parseInt(fs.readFileSync(pidFile, 'utf8'), 10);
  if (!(pid > 1) || !isAlive(pid)) return; // PostgreSQL itself sees that the file is stale
  if (!commandOf(pid).includes(clusterDir)) {
    // SECURITY: only after looking at the process: removing the file of a living server would let a second one write the same data.
    fs.rmSync(pidFile);
    return;
  }
  for (const [signal, waitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    process.kill(pid, signal);
    if (await isGone(pid, waitMs)) return;
  }
  throw new EmbeddedPostgresError(`A PostgreSQL server left over on ${clusterDir} (pid ${pid}) can't be stopped.`);
};

/** True while a process with this id exists, whoever owns it. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The command line of a process; empty if it is gone. */
export const commandOf = (pid: number): string => {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
};

/** Resolves to true as soon as the process is gone, to false after `waitMs`. */
export const isGone = async (pid: number, waitMs: number): Promise<boolean> => {
  const deadline = Date.now() + waitMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
};

// A killed child of a supervisor that is itself gone may stay in the table where nobody collects orphans (a container's first process).
const isZombie = (pid: number): boolean => {
  try {
    return /^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
