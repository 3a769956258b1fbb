import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readRun } from '@/e2e/support/kill';
import { freePort } from '@/e2e/support/start-system';
import type { Figure } from './figure';
import type { BenchStage } from './stage';

const WARM_UP = 300;
const REQUESTS = 3000;
const CONNECTIONS = 8;

/** CPU per request of the server process on the direct mount, beside the same API mounted in Next alone on the same database. */
export const benchMounts = async ({ running, payer }: BenchStage): Promise<Figure[]> => {
  const next = await startNext(running.dataDir);
  try {
    const fast = { url: running.baseUrl, pid: readRun(running.dataDir).pids.server ?? 0 };
    const measure = async (what: string, pathname: string, target: number): Promise<Figure[]> => {
      const direct = await cpuPerRequest(fast, pathname, payer.admin.token);
      const inNext = await cpuPerRequest(next, pathname, payer.admin.token);
      return [
        { name: `${what}: CPU ratio of direct mount to Next mount`, value: direct / inNext, unit: '×', target },
        { name: `${what}: CPU per 1000 requests, direct mount`, value: direct * 1000, unit: 'ms' },
        { name: `${what}: CPU per 1000 requests, Next mount`, value: inNext * 1000, unit: 'ms' },
      ];
    };
    return [
      ...(await measure('GET /health/live', '/health/live', 0.2)),
      ...(await measure('GET wallet', `/wallets/${payer.walletId}`, 0.5)),
    ];
  } finally {
    next.child.kill('SIGTERM');
  }
};

type Mount = { readonly url: string; readonly pid: number };

/** Milliseconds of user and system time of the process. */
const cpuPerRequest = async ({ url, pid }: Mount, pathname: string, token: string): Promise<number> => {
  const target = new URL(pathname, url);
  const headers = { authorization: `Bearer ${token}` };
  const send = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const response = await fetch(target, { headers });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${target}: ${response.status}`);
    }
  };
  const all = (count: number) => Promise.all(Array.from({ length: CONNECTIONS }, () => send(count / CONNECTIONS)));
  await all(WARM_UP);
  const before = cpuMs(pid);
  await all(REQUESTS);
  return (cpuMs(pid) - before) / REQUESTS;
};

/** From /proc: fields 14 and 15 are ticks of 10 ms. */
const cpuMs = (pid: number): number => {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
};

const startNext = async (dataDir: string): Promise<Mount & { readonly child: ChildProcess }> => {
  const root = path.resolve(import.meta.dirname, '..');
  const port = String(await freePort());
  const run = readRun(dataDir);
  const args = ['--import', 'tsx', 'bench/next-mount.ts'];
  const env = { ...process.env, NODE_ENV: 'production' as const, DATA_DIR: dataDir, RATE_LIMIT: '0', PORT: port };
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, DATABASE_URL: run.databaseUrl, PROFILE: 'single-machine', PUBLIC_URL: run.serverUrl },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 120; tries += 1) {
    const isUp = await fetch(new URL('/health/live', url)).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp && child.pid) return { url, pid: child.pid, child };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  child.kill('SIGKILL');
  throw new Error('Next did not start.');
};
