import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '@/lib/env';
import { ConfigurationError } from './process';
import { standApart } from './signer-apart';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-apart-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

/** A production node as an operator starts one. @returns what it printed and its exit code. */
const startNode = async (env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/signer.ts'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { ...process.env, TMPDIR: directory, DATA_DIR: directory, SIGNER: '1', SIGNERS: '3', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'exit');
  return { code, output };
};

test('a node is told no database', () => {
  expect(() => standApart({ dataDir: directory, signer: 1, databaseUrl: 'postgresql://x' })).toThrow(
    ConfigurationError,
  );
});

test('a node whose directory lies beside that of another does not start, and says how to try things out on one machine', async () => {
  fs.mkdirSync(path.join(directory, 'signer-2'));
  const { code, output } = await startNode({ GENESIS: 'none' });
  expect(code).toBe(78);
  expect(output).toContain('also holds signer-2');
  expect(output).toContain('PROFILE=single-machine');
});

test('a second node on one machine does not start while the first runs', async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  const letGo = standApart({ dataDir: directory, signer: 2 });
  const { code, output } = await startNode({ GENESIS: 'none' });
  letGo();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  expect(code).toBe(78);
  expect(output).toContain('Another node runs on this machine');
});

test('a node without GENESIS does not start', async () => {
  const { code, output } = await startNode({});
  expect(code).toBe(78);
  expect(output).toContain('GENESIS is not set');
});

test.each(['any', 'ff', 'none,ff'])(
  'GENESIS=%s is refused: hashes have 64 hex digits, and none is “none”',
  (genesis) => {
    expect(() => readEnvironment({ GENESIS: genesis })).toThrow(/GENESIS/);
  },
);
