import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRunningSystem } from '@/lib/run-file';
import { type Invitation, type Person, register } from '../support/person';
import { freePort, type StartedSystem, startSystem } from '../support/start-system';
import { findSystem, fund, until } from '../support/system';

// Every part alone, as docs/production.md has operators start them. Two things differ: the nodes share this machine, so each has a
// directory for temporary files of its own; database server and chain are those of another installation beside it.
const ROOT = path.resolve(import.meta.dirname, '../..');
const REGIONS = ['fra', 'zrh', 'osl', 'ams'];
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-production-'));
const children: ChildProcess[] = [];
let neighbour: StartedSystem;
let platform: Readonly<Record<string, string>>;
let relayUrl = '';
let nodes: readonly Started[] = [];
let admin: Person;

type Started = { readonly child: ChildProcess; readonly output: () => string };

const folder = (name: string): string => {
  const made = path.join(directory, name);
  fs.mkdirSync(made, { recursive: true });
  return made;
};

const start = (part: string, env: Readonly<Record<string, string>>): Started => {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', `workers/${part}.ts`], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: 'production', LOG_LEVEL: 'info', SIGNERS: '4', THRESHOLD: '3', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
};

const startNodes = (genesis: string): readonly Started[] =>
  REGIONS.map((region, index) =>
    start('signer', {
      SIGNER: String(index + 1),
      DATA_DIR: folder(`machine-${index + 1}`),
      TMPDIR: folder(`machine-${index + 1}/tmp`),
      REGION: region,
      RELAY_URL: relayUrl,
      GENESIS: genesis,
    }),
  );

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

beforeAll(async () => {
  neighbour = await startSystem();
  const { databaseUrl = '', anvilUrl = '' } = readRunningSystem(neighbour.dataDir);
  const own = new URL(databaseUrl);
  own.pathname = '/alone';
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query('CREATE DATABASE alone');
  await database.end();
  relayUrl = `ws://127.0.0.1:${await freePort()}`;
  const port = await freePort();
  fs.writeFileSync(path.join(directory, 'prices.json'), JSON.stringify({ EthereumSepolia: { native: '3000' } }));
  platform = {
    DATABASE_URL: own.href,
    DATA_DIR: folder('platform'),
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    RELAY_URL: relayUrl,
    ORACLE_URL: `http://127.0.0.1:${await freePort()}`,
    RPC_URL_EthereumSepolia: anvilUrl,
    PRICES_FILE: path.join(directory, 'prices.json'),
  };
});
afterAll(async () => {
  await Promise.all(children.map(end));
  await neighbour?.stop();
  fs.rmSync(directory, { recursive: true, force: true });
});

test('the server alone brings an empty database up and prints the set-up link; with the other parts and nodes it is ready', async () => {
  const server = start('server', platform);
  await until(
    async () => server.output(),
    (text) => /^set-up http.+#.+$/m.test(text) || server.child.exitCode !== null,
    230_000,
  );
  expect(server.child.exitCode).toBeNull();
  for (const part of ['coordinator', 'sequencer', 'broadcaster', 'scheduler', 'oracle']) start(part, platform);
  nodes = startNodes('none');
  const ready = await until(
    () =>
      fetch(`${platform.PUBLIC_URL}/health/ready`).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 200,
    120_000,
  );
  expect(ready).toBe(200);
});

test('nodes that know no genesis follow nobody: they print the fingerprint and the hash to add, and no key is made', async () => {
  const line = execFileSync(
    'npm',
    ['run', '--silent', 'org:create', '--', '--name', 'Acme', '--username', 'ada@acme.example'],
    {
      cwd: ROOT,
      env: { ...process.env, ...platform },
    },
  ).toString();
  admin = await register(platform.PUBLIC_URL ?? '', JSON.parse(line.trim()) as Invitation);
  await expect(admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } })).rejects.toMatchObject({
    httpStatus: 503,
  });
  for (const { output } of nodes)
    await until(
      async () => output(),
      (text) => /Genesis .+ was offered .+ add [0-9a-f]{64} to GENESIS/.test(text),
    );
});

test('with the hash in GENESIS the same nodes make a key and sign a transfer, and the genesis names their regions', async () => {
  const hash = /add ([0-9a-f]{64}) to GENESIS/.exec(nodes[0]?.output() ?? '')?.[1] ?? '';
  await Promise.all(nodes.map(({ child }) => end(child)));
  nodes = startNodes(hash);
  const wallet = await until(
    () => admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } }).catch((error: Error) => error),
    (made) => !(made instanceof Error),
    120_000,
    1_000,
  );
  if (wallet instanceof Error) throw wallet;
  await fund(findSystem(neighbour.dataDir), wallet.address ?? '', 10n ** 18n);
  const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
  const { id } = await admin.client.wallets.transferAsset({
    walletId: wallet.id,
    body: { kind: 'Native', to, amount: '1' },
  });
  const settled = await until(
    () => admin.client.wallets.getTransfer({ walletId: wallet.id, transferId: id }),
    ({ status }) => ['Confirmed', 'Failed', 'Rejected'].includes(status),
    120_000,
  );
  expect(settled).toMatchObject({ status: 'Confirmed' });
  const response = await fetch(`${platform.PUBLIC_URL}/x/signers`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  for (const region of REGIONS) expect(await response.clone().text()).toContain(region);
});
