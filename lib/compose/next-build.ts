import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { eachLine } from '@/lib/compose/child';
import { type Sources, sourceHash } from '@/lib/compose/source-hash';
import { withBuildLock } from '@/lib/compose/stale-build';

/**
 * Builds the console if there is no build of the present sources.
 * @returns whether it had to be built.
 */
export const buildIfStale = async (root: string, onLine: (line: string) => void): Promise<boolean> => {
  if (!fs.existsSync(path.join(root, 'app'))) return false;
  return withBuildLock(root, 'console-build', async () => {
    const hash = sourceHash(root, SOURCES);
    const stamp = path.join(root, '.next', 'countersign-build');
    const isBuilt = fs.existsSync(path.join(root, '.next', 'BUILD_ID'));
    if (isBuilt && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) return false;
    onLine('building the console, which takes a minute the first time');
    await build(root, nameOf(hash), onLine);
    fs.writeFileSync(stamp, hash);
    return true;
  });
};

/**
 * Name of the sources a server runs from. Its console carries the name of those it was built from: while the two are the same, so is the
 * contract, and the console need not check answers against it.
 */
export const buildName = (root: string): string => nameOf(sourceHash(root, SOURCES));

/** Says it with every answer. */
export const BUILD_HEADER = 'x-countersign-build';

const nameOf = (hash: string): string => hash.slice(0, 16);

/** Everything a build depends on; tests are not part of it. */
const SOURCES: Sources = {
  paths: [
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
  ],
  except: /(\.test\.tsx?$|(^|\/)(generated|testing|signer)(\/|$))/,
};

const build = (root: string, name: string, onLine: (line: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_BUILD: name },
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
