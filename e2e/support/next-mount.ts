import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from './start-system';
import type { System } from './system';

/** The same API as Next alone serves it, on the database of the running system; `stop` ends it. */
export const startNextMount = async (system: System): Promise<{ readonly url: string; readonly stop: () => void }> => {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = JSON.parse(fs.readFileSync(path.join(system.dataDir, 'run.json'), 'utf8')) as { databaseUrl: string };
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/next-mount.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATA_DIR: system.dataDir,
      DATABASE_URL: run.databaseUrl,
      PROFILE: 'single-machine',
      PUBLIC_URL: system.baseUrl,
      PORT: String(port),
      RATE_LIMIT: '0',
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 240 && child.exitCode === null; tries += 1) {
    const isUp = await fetch(new URL('/health/live', url)).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { url, stop: () => void child.kill('SIGKILL') };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  child.kill('SIGKILL');
  throw new Error('Next did not start.');
};
