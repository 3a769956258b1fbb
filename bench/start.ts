import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSystem } from '@/e2e/support/start-system';
import type { Figure } from './figure';

const run = promisify(execFile);

/** A fresh clone of what is committed → install → ready, and a second start. `cold` uses an empty npm cache. */
export const benchStart = async (options: {
  readonly cold: boolean;
  readonly print: (line: string) => void;
}): Promise<Figure[]> => {
  const root = path.resolve(import.meta.dirname, '..');
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  const clone = path.join(temporary, 'clone');
  const dataDir = path.join(temporary, 'data');
  const env = { ...process.env, ...(options.cold ? { npm_config_cache: path.join(temporary, 'cache') } : {}) };
  try {
    const begun = performance.now();
    options.print('start: clone and npm install …');
    await run('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
    await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: clone, env, maxBuffer: 64 * 1024 * 1024 });
    const installed = performance.now();
    options.print('start: first start …');
    const first = await startSystem({ root: clone, dataDir, timeoutMs: 600_000 });
    const ready = performance.now();
    await first.stop();
    options.print('start: second start …');
    const again = performance.now();
    const second = await startSystem({ root: clone, dataDir });
    const readyAgain = performance.now();
    await second.stop();
    const cache = options.cold ? 'cold' : 'warm';
    const target = options.cold ? {} : { target: 150 };
    return [
      { name: `fresh clone → ready, ${cache} npm cache`, value: (ready - begun) / 1000, unit: 's', ...target },
      { name: 'of which clone and npm install', value: (installed - begun) / 1000, unit: 's' },
      { name: 'second start → ready', value: (readyAgain - again) / 1000, unit: 's', target: 10 },
    ];
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
};
