import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readRunningSystem } from '@/lib/run-file';
import type { Invitation } from './person';

const run = promisify(execFile);

/** The running system of a DATA_DIR, as outside tools find it: run.json. */
export type System = { readonly dataDir: string; readonly baseUrl: string; readonly anvilUrl: string };

export const findSystem = (dataDir: string): System => {
  const { serverUrl = '', anvilUrl = '' } = readRunningSystem(dataDir);
  return { dataDir, baseUrl: serverUrl, anvilUrl };
};

/** Runs one of the operator's commands against a DATA_DIR and reads its JSON line. */
export const operate = async <T>(system: System, script: string, args: readonly string[]): Promise<T> => {
  const { stdout } = await run('npm', ['run', '--silent', script, '--', ...args], {
    env: { ...process.env, DATA_DIR: system.dataDir },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
};

export const createOrganisation = (system: System, name: string, username: string): Promise<Invitation> =>
  operate<Invitation>(system, 'org:create', ['--name', name, '--username', username]);

export const fund = (system: System, address: string, wei: bigint): Promise<unknown> =>
  operate(system, 'faucet', ['--network', 'EthereumSepolia', '--address', address, '--amount', String(wei)]);

/** Polls until the value satisfies. @throws with the last value after the time. */
export const until = async <T>(
  read: () => Promise<T>,
  isReached: (value: T) => boolean,
  timeoutMs = 60_000,
  pollMs = 200,
): Promise<T> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isReached(value)) return value;
    if (Date.now() > end) throw new Error(`Not reached in ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
};
