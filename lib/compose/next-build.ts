import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { eachLine } from '@/lib/compose/child';
import { findLock } from '@/lib/compose/instance';

/**
 * Builds the console if there is no build of the present sources. Two starts of one clone wait for each other.
 * @returns whether it had to be built.
 */
export const buildIfStale = async (root: string, onLine: (line: string) => void): Promise<boolean> => {
  if (!fs.existsSync(path.join(root, 'app'))) return false;
  const cache = path.join(root, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const lock = await takeLock(path.join(cache, 'countersign-build-lock'));
  try {
    const hash = sourceHash(root);
    const stamp = path.join(root, '.next', 'countersign-build');
    const isBuilt = fs.existsSync(path.join(root, '.next', 'BUILD_ID'));
    if (isBuilt && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) return false;
    onLine('building the console, which takes a minute the first time');
    await build(root, onLine);
    fs.writeFileSync(stamp, hash);
    return true;
  } finally {
    lock.release();
  }
};

/** Everything a build depends on; tests are not part of it. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'next.config.js',
  'next.config.mjs',
  'next.config.ts',
  'proxy.ts',
  'postcss.config.mjs',
  'package-lock.json',
];
const NO_SOURCE = /(\.test\.tsx?$|(^|\/)(generated|testing|signer)(\/|$))/;

const sourceHash = (root: string): string => {
  const hash = createHash('sha256');
  const visit = (relative: string): void => {
    const absolute = path.join(root, relative);
    if (NO_SOURCE.test(relative) || !fs.existsSync(absolute)) return;
    if (fs.statSync(absolute).isDirectory()) {
      for (const name of fs.readdirSync(absolute).sort()) visit(`${relative}/${name}`);
      return;
    }
    const content = fs.readFileSync(absolute);
    hash.update(`${relative}\0${content.length}\0`).update(content);
  };
  for (const source of SOURCES) visit(source);
  return hash.digest('hex');
};

const build = (root: string, onLine: (line: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    eachLine(child.stdout, onLine);
    eachLine(child.stderr, onLine);
    const endWithParent = () => child.kill('SIGTERM');
    process.once('exit', endWithParent);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('exit', endWithParent);
      if (code === 0) resolve();
      else reject(new Error(`The console could not be built (${signal ?? `code ${code}`}).`));
    });
  });

const takeLock = async (file: string) => {
  for (;;) {
    const lock = findLock(file);
    if (lock) return lock;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};
