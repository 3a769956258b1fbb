import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRunFile } from '@/lib/run-file';
import { databaseUrlOf, killPart, restarted } from '../support/kill';
import { freePort, type StartedSystem, startSystem } from '../support/start-system';
import { findSystem, until } from '../support/system';
import { newPayer, onChain, type Payer, type Payment, pay, settled } from '../support/transfers';
import { call } from '../support/world';
import { createThief, type Thief } from './testing/thief';

let running: StartedSystem;
let payer: Payer;
let thief: Thief;
let second: ChildProcess | undefined;
let elsewhere: string;
const payments: Payment[] = [];

/** Another coordinator on the same database, at an address of its own: the nodes are connected to the first. */
const startSecond = async (): Promise<void> => {
  const { oracleUrl, anvilUrl } = readRunFile(running.dataDir);
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/coordinator.ts'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATA_DIR: elsewhere,
      DATABASE_URL: databaseUrlOf(running.dataDir),
      RELAY_URL: `ws://127.0.0.1:${await freePort()}`,
      ORACLE_URL: oracleUrl,
      RPC_URL_EthereumSepolia: anvilUrl,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  second = child;
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The second coordinator ended with ${code}.`)));
  });
};
/** `kill -9`, whatever it is at. */
const killSecond = async (): Promise<void> => {
  const ended = new Promise((resolve) => second?.once('exit', resolve));
  second?.kill('SIGKILL');
  await ended;
};

beforeAll(async () => {
  elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-second-'));
  running = await startSystem();
  const system = findSystem(running.dataDir);
  payer = await newPayer(system);
  thief = await createThief(system);
  await startSecond();
});
afterAll(async () => {
  second?.kill('SIGKILL');
  await thief?.close();
  await running?.stop();
  fs.rmSync(elsewhere, { recursive: true, force: true });
});

const TRANSFERS = 8;

/** Payments under way, and something happening in the middle of them: each acknowledged one is signed once and reaches the chain once. */
const survives = async (meanwhile: () => Promise<unknown>): Promise<void> => {
  const asked: Promise<Payment>[] = [];
  let happened: Promise<unknown> = Promise.resolve();
  for (let i = 0; i < TRANSFERS; i += 1) {
    asked.push(pay(payer));
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (i === TRANSFERS / 2) happened = meanwhile();
  }
  const acknowledged = await Promise.all(asked);
  payments.push(...acknowledged);
  const final = await Promise.all(acknowledged.map((payment) => settled(payer, payment, 150_000)));
  expect(final.map(({ status, reason }) => ({ status, reason }))).toEqual(
    final.map(() => ({ status: 'Confirmed', reason: undefined })),
  );
  await happened;
  for (const { transferId } of acknowledged)
    expect(await thief.leaves(payer.admin.orgId, 'release', transferId)).toHaveLength(1);
  expect(await onChain(payer, payments)).toMatchObject({
    nonce: payments.length,
    sent: payments.length,
    times: payments.map(() => 1),
  });
};

test('two coordinators do the work of one: every transfer is signed once', () => survives(async () => {}));
test('kill -9 of the one without nodes: what it had taken up is signed by the other', () => survives(killSecond));
test('kill -9 of the one with the nodes while the other runs: nothing is lost, nothing signed twice', async () => {
  await startSecond();
  await survives(() => restarted(running.dataDir, 'coordinator', killPart(running.dataDir, 'coordinator')));
});
test('the list of signers shows whom the first is connected to, also after the second has started', async () => {
  await until(
    async () =>
      (await call(payer.system, 'GET', '/x/signers', { token: payer.admin.token })).body.items as
        | readonly { readonly connected: boolean }[]
        | undefined,
    (items) => items?.length === 4 && items.every(({ connected }) => connected),
    90_000,
  );
});
