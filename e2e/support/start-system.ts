import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export type StartedSystem = {
  readonly dataDir: string;
  readonly baseUrl: string;
  /** Everything the parts have printed so far. */
  readonly output: () => string;
  /** The one-time set-up link, on an empty database. */
  readonly setupUrl: () => string | null;
  readonly stop: () => Promise<void>;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts the whole system on a DATA_DIR of its own, as `npm start` does, and waits until it says that it is ready. */
export const startSystem = async (
  options: {
    readonly dataDir?: string;
    /** Of the repository; this one by default. */
    readonly root?: string;
    readonly env?: { readonly [name: string]: string };
    readonly timeoutMs?: number;
  } = {},
): Promise<StartedSystem> => {
  const root = options.root ?? path.resolve(import.meta.dirname, '../..');
  const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-system-'));
  const port = options.env?.PORT ?? String(await freePort());
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/start.ts'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', DATA_DIR: dataDir, RATE_LIMIT: '0', ...options.env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (/^(?:\S+\s+\| )?ready http/m.test(output)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) =>
      reject(new Error(`The system ended with ${code} before it was ready:\n${output.slice(-4000)}`)),
    );
    setTimeout(
      () => reject(new Error(`The system was not ready in time:\n${output.slice(-4000)}`)),
      options.timeoutMs ?? 240_000,
    ).unref();
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
    if (!options.dataDir) fs.rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    dataDir,
    baseUrl: `http://localhost:${port}`,
    output: () => output,
    setupUrl: () => /set-up (http\S+)/.exec(output)?.[1] ?? null,
    stop,
  };
};
