import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Down, keepDown, readRun, restarted } from '../support/kill';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem } from '../support/system';
import { newPayer, onChain, type Payer, type Payment, pay, settled } from '../support/transfers';
import { ceremonyStates, killMidCeremony, secretShares, spellings } from './testing/signer-store';

const NODES = [1, 2, 3, 4];
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-system-'));
let running: StartedSystem;
let payer: Payer;
let down: Down | undefined;
const payments: Payment[] = [];
beforeAll(async () => {
  running = await startSystem({ dataDir, env: { LOG_LEVEL: 'trace' } });
  payer = await newPayer(findSystem(dataDir));
  const first = await pay(payer);
  expect(await settled(payer, first)).toMatchObject({ status: 'Confirmed' });
  payments.push(first);
  // Three of four are left, so that every one of them takes part.
  down = await keepDown(dataDir, 'signer-4');
});
afterAll(async () => {
  down?.back();
  await running?.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

test('kill -9 of a signer between its ACCEPT and its last message: one transaction, from a new ceremony', async () => {
  const before = readRun(dataDir).pids['signer-2'] ?? 0;
  const payment = await pay(payer);
  const state = await killMidCeremony(dataDir, 2, payment.transferId);
  expect(['ACCEPTED', 'R1', 'R2']).toContain(state);
  await restarted(dataDir, 'signer-2', before);
  expect(await settled(payer, payment)).toMatchObject({ status: 'Confirmed' });
  payments.push(payment);
  // What it had begun is over; the signature came of a ceremony it accepted anew.
  const states = ceremonyStates(dataDir, 2, payment.transferId);
  expect(states[0]).toBe('ABORTED');
  expect(states.at(-1)).toBe('DONE');
  expect(await onChain(payer, payments)).toEqual({
    nonce: payments.length,
    sent: payments.length,
    times: payments.map(() => 1),
    received: payments.map(({ amount }) => amount),
  });
});

test('with the fourth signer back, the others sign without the one that was killed: one transaction', async () => {
  const payment = await pay(payer);
  await killMidCeremony(dataDir, 3, payment.transferId);
  down?.back();
  down = undefined;
  expect(await settled(payer, payment)).toMatchObject({ status: 'Confirmed' });
  payments.push(payment);
  expect(await onChain(payer, payments)).toMatchObject({
    nonce: payments.length,
    sent: payments.length,
    times: payments.map(() => 1),
  });
});

test('no part has written a key share into its log, in whatever spelling', async () => {
  await running.stop();
  const log = running.output();
  for (const part of ['coordinator', ...NODES.map((node) => `signer-${node}`)]) expect(log).toContain(part);
  for (const node of NODES) {
    const shares = secretShares(dataDir, node);
    expect(shares.length).toBeGreaterThan(0);
    // The search itself finds a share where there is one, also inside longer bytes.
    for (const [i, share] of shares.entries()) {
      const planted = Buffer.concat([Buffer.alloc(i + 1), share, Buffer.alloc(7)]);
      for (const line of [planted.toString('hex'), planted.toString('base64'), planted.toString('base64url')])
        expect(spellings(share).some((text) => line.includes(text))).toBe(true);
    }
    for (const share of shares)
      for (const text of spellings(share)) expect(log.includes(text), `a share of signer-${node}`).toBe(false);
  }
});
