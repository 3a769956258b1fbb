import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, isGone } from '@/lib/db/embedded-postgres-leftover';
import { type RunFile, readRunFile } from '@/lib/run-file';

// The supervisor runs as a process of its own over parts that are as small as parts can be; database and chain are the real ones.
const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const ENTRY = `
import { startSupervisor } from '${REPOSITORY}/lib/compose/supervisor.ts';
import { readEnvironment } from '${REPOSITORY}/lib/env.ts';
const supervisor = startSupervisor({
  env: readEnvironment(), root: import.meta.dirname, print: (line) => console.log(line), createSetupToken: async () => 'token-1',
});
process.on('SIGTERM', () => supervisor.stop().then(() => process.exit(0)));
supervisor.ready.catch((error) => { console.error(error.message); process.exit(9); });
`;
const PART = `
import fs from 'node:fs';
fs.appendFileSync(process.env.DATA_DIR + '/environments', JSON.stringify(process.env) + '\\n');
process.on('disconnect', () => process.exit(0));
setInterval(() => {}, 1000);
process.send({ ready: true });
`;
const SERVER = `
import http from 'node:http';
http.createServer((request, response) => response.writeHead(200).end('{}')).listen(Number(process.env.PORT), () => process.send({ ready: true }));
process.on('disconnect', () => process.exit(0));
`;

let root: string;
let dataDir: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'supervisor-'));
  fs.chmodSync(root, 0o755);
  fs.mkdirSync(path.join(root, 'workers'));
  fs.mkdirSync(path.join(root, 'node_modules'));
  fs.writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }');
  fs.writeFileSync(path.join(root, 'start.ts'), ENTRY);
  for (const name of ['coordinator', 'sequencer', 'signer']) write(name, PART);
  write('server', SERVER);
  dataDir = path.join(root, 'data');
});
afterEach(async () => {
  const { pids } = readRunFile(dataDir);
  for (const child of started.splice(0))
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGTERM');
  for (const pid of Object.values(pids)) if (pid !== process.pid && isAlive(pid)) process.kill(pid, 'SIGKILL');
  fs.rmSync(root, { recursive: true });
});

const write = (name: string, text: string) => fs.writeFileSync(path.join(root, 'workers', `${name}.ts`), text);

const start = (env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'start.ts')], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: dataDir,
      SIGNERS: '2',
      THRESHOLD: '2',
      SMTP_URL: 'smtp://u:canary@h',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output.text += chunk));
  return { child, output };
};
const startReady = async (env: Record<string, string> = {}) => {
  const run = start(env);
  await until(() => {
    if (run.child.exitCode !== null) throw new Error(`It ended: ${run.output.text}`);
    return /^ready /m.test(run.output.text);
  });
  return run;
};
const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<number> =>
  new Promise((resolve) => {
    const asked = performance.now();
    child.once('exit', () => resolve(performance.now() - asked));
    child.kill(signal);
  });
const until = async (isTrue: () => boolean | Promise<boolean>, timeoutMs = 90_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
const pidOf = (run: RunFile, name: string): number => {
  const pid = run.pids[name];
  if (pid === undefined) throw new Error(`${name} does not run.`);
  return pid;
};
const select = async (run: RunFile, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: run.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  return client
    .query(text)
    .then((result) => result.rows)
    .finally(() => client.end());
};
const blockNumber = async (run: RunFile): Promise<number> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });
  const response = await fetch(run.anvilUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { result } = (await response.json()) as { result: string };
  return Number(result);
};

test('one command starts everything, says where it is, and one signal stops everything', async () => {
  const { child, output } = await startReady();
  const run = readRunFile(dataDir);
  expect(output.text).toMatch(new RegExp(`^ready ${run.serverUrl}/console$`, 'm'));
  await until(() => /^set-up .*\/console\/setup#token-1$/m.test(output.text));
  expect(output.text).toMatch(/not in this version: broadcaster, scheduler, webhooks, oracle/);
  expect(Object.keys(run.pids).sort()).toEqual(
    ['anvil', 'coordinator', 'postgres', 'sequencer', 'server', 'signer-1', 'signer-2', 'start'].sort(),
  );
  expect(fs.statSync(path.join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
  expect(await select(run, 'SELECT count(*)::int AS n FROM jobs')).toEqual([{ n: 0 }]);

  const refused = start();
  await until(() => refused.child.exitCode !== null);
  expect(refused.output.text).toContain('Another start already runs');

  const pids = Object.values(run.pids);
  expect(await end(child, 'SIGTERM')).toBeLessThan(8000);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
  expect(readRunFile(dataDir).pids).toEqual({});
});

test('a signer is told neither the database nor any password', async () => {
  await startReady();
  const environments = fs
    .readFileSync(path.join(dataDir, 'environments'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const signers = environments.filter((env) => env.SIGNER !== undefined);
  expect(signers.map((env) => env.SIGNER).sort()).toEqual(['1', '2']);
  for (const env of signers) {
    expect(env.DATABASE_URL).toBeUndefined();
    expect(JSON.stringify(env)).not.toContain('canary');
    expect(env.RELAY_URL).toMatch(/^ws:/);
  }
});

test('a killed part and a killed database come back, at the same address', async () => {
  await startReady();
  const run = readRunFile(dataDir);
  process.kill(pidOf(run, 'sequencer'), 'SIGKILL');
  process.kill(pidOf(run, 'postgres'), 'SIGKILL');
  await until(() => {
    const { pids } = readRunFile(dataDir);
    return ['sequencer', 'postgres'].every((name) => pids[name] !== undefined && pids[name] !== run.pids[name]);
  });
  expect(readRunFile(dataDir).databaseUrl).toBe(run.databaseUrl);
  expect(await select(run, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('after a kill -9 of the supervisor nothing is left in the way: the next start has the same data and the same chain', async () => {
  const first = await startReady();
  const before = readRunFile(dataDir);
  await select(before, 'CREATE TABLE kept AS SELECT 42 AS n');
  await until(async () => fs.existsSync(path.join(dataDir, 'anvil/state.json')), 20_000);
  const height = await blockNumber(before);
  await end(first.child, 'SIGKILL');
  expect(await isGone(pidOf(before, 'sequencer'), 5000)).toBe(true);
  expect(isAlive(pidOf(before, 'postgres'))).toBe(true);
  await startReady();
  const after = readRunFile(dataDir);
  expect(after.databaseUrl).toBe(before.databaseUrl);
  expect(await select(after, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  expect(await blockNumber(after)).toBeGreaterThanOrEqual(height);
  for (const name of ['anvil', 'postgres', 'server']) expect(isAlive(pidOf(before, name))).toBe(false);
});

test('another number of signers on old data is refused with the reason', async () => {
  const first = await startReady();
  await end(first.child, 'SIGTERM');
  const second = start({ SIGNERS: '3' });
  await until(() => second.child.exitCode !== null);
  expect(second.output.text).toContain('was first started with SIGNERS=2 THRESHOLD=2');
});

test('a part that says its configuration is wrong is not started again', async () => {
  write('sequencer', `console.log('I need more'); process.exit(78);`);
  const { child, output } = start();
  await until(() => child.exitCode !== null);
  expect(output.text).toContain('sequencer is wrongly configured');
  expect(output.text.match(/I need more/g)).toHaveLength(1);
});

test('a port that is taken is refused before anything starts', async () => {
  const first = await startReady();
  const port = new URL(readRunFile(dataDir).serverUrl ?? '').port;
  const second = start({ PORT: port, DATA_DIR: path.join(root, 'other') });
  await until(() => second.child.exitCode !== null);
  expect(second.output.text).toContain(`Port ${port} is in use`);
  await end(first.child, 'SIGTERM');
});
