import fs from 'node:fs';
import path from 'node:path';

type RunFile = {
  readonly serverUrl?: string;
  readonly databaseUrl?: string;
  readonly pids: { readonly [name: string]: number };
};

/** Where the system of a DATA_DIR is and which processes it has at this moment. */
export const readRun = (dataDir: string): RunFile =>
  JSON.parse(fs.readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as RunFile;

export const databaseUrlOf = (dataDir: string): string => {
  const url = readRun(dataDir).databaseUrl;
  if (!url) throw new Error(`${dataDir} names no database.`);
  return url;
};

const POLL_MS = 20;
const sleep = (timeMs: number) => new Promise((resolve) => setTimeout(resolve, timeMs));

const nextPid = async (dataDir: string, name: string, last: number): Promise<number> => {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const pid = readRun(dataDir).pids[name];
    if (pid !== undefined && pid !== last) return pid;
    await sleep(POLL_MS);
  }
  throw new Error(`${name} was not started again within a minute.`);
};

/** `kill -9` of one part of the system. @returns its pid, gone by now. */
export const killPart = (dataDir: string, name: string): number => {
  const pid = readRun(dataDir).pids[name];
  if (pid === undefined) throw new Error(`${name} does not run.`);
  process.kill(pid, 'SIGKILL');
  return pid;
};

/** Resolves when the supervisor has started the part again. */
export const restarted = (dataDir: string, name: string, killed: number): Promise<number> =>
  nextPid(dataDir, name, killed);

/** A part that was killed and can't come back until `back` is called. */
export type Down = { readonly back: () => void };

/**
 * `kill -9`, and the successor that the supervisor starts is stopped before it can do anything: the part stays away for as long as the
 * test needs. `back` lets the successor run.
 */
export const keepDown = async (dataDir: string, name: string): Promise<Down> => {
  const successor = await nextPid(dataDir, name, killPart(dataDir, name));
  process.kill(successor, 'SIGSTOP');
  return { back: () => process.kill(successor, 'SIGCONT') };
};
