import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtVerifier, builtVerifyPage } from './verify-build';

const ROOT = path.resolve(import.meta.dirname, '../..');
const GOLDEN = path.join(ROOT, 'lib/evidence/activity-evidence/golden/confirmed-transfer.json');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'verify-'));
beforeAll(() => builtVerifier(ROOT));
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** The command as it is typed, with a database that is not there. */
const verify = (...args: string[]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'verify', '--', ...args], {
    cwd: ROOT,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    },
    encoding: 'utf8',
  });
  return { status, stdout, stderr, ms: performance.now() - started };
};

test('evidence is verified in words, line by line, with what no file can prove', () => {
  const { status, stdout } = verify(GOLDEN);
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toMatch(/^PROVEN, if the fingerprint of your organisation is /);
  expect(lines.filter((line) => line.startsWith('  ok ')).length).toBeGreaterThan(10);
  expect(lines.filter((line) => line.startsWith('   ?  ')).join()).toMatch(/is what the server saw/);
});

test('the fingerprint given must be the organisation’s', () => {
  const fingerprint = /fingerprint of your organisation is ([0-9a-f ]+):/.exec(verify(GOLDEN).stdout)?.[1] ?? '';
  expect(verify(GOLDEN, '--genesis', fingerprint)).toMatchObject({ status: 0 });
  const other = verify(GOLDEN, '--genesis', fingerprint.replace(/^./, 'f'));
  expect(other.status).toBe(1);
  expect(other.stdout).toMatch(/NOT PROVEN: .* is not the one you gave/);
});

test('an altered file exits with 1 and names what is wrong', () => {
  const file = path.join(dir, 'altered.json');
  fs.writeFileSync(file, fs.readFileSync(GOLDEN, 'utf8').replace('1500000000000000000', '1500000000000000001'));
  const { status, stdout } = verify(file);
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /\nNOT PROVEN: The body beside entry 12 \(userAction\) is not the one that the entry names\.\n$/,
  );
});

test('what a file says can’t steer the terminal', () => {
  const file = path.join(dir, 'steering.json');
  fs.writeFileSync(file, '{"format":"\\u001b[2J\\u009bm"}');
  expect(verify(file).stdout).toMatch(/\\u\{9b\}|\\u001b/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(verify(file).stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('a missing file, or a line that is not understood, exits with 2 and says what to type', () => {
  expect(verify(path.join(dir, 'none.json'))).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('can’t be read'),
  });
  for (const args of [[], ['a', 'b'], ['--what'], ['--page', 'a', 'b']])
    expect(verify(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('usage: npm run verify') });
});

test('verifying needs nothing but Node: no database, no network', async () => {
  const code = fs.readFileSync(await builtVerifier(ROOT), 'utf8');
  const imports = [...code.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map((match) => match[1]);
  expect([...new Set(imports)].sort()).toEqual(['node:crypto', 'node:fs', 'node:util']);
});

test('the page is one file that may run its own script only', async () => {
  const file = path.join(dir, 'verify.html');
  expect(verify('--page', file)).toMatchObject({ status: 0 });
  const html = fs.readFileSync(file, 'utf8');
  expect(html).toBe(fs.readFileSync(await builtVerifyPage(ROOT), 'utf8'));
  expect(html).toMatch(/content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html.match(/<\/script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<(?:link|img|iframe|script src)/);
});
