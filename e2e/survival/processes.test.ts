import { afterAll, beforeAll, expect, test } from 'vitest';
import { killPart, restarted } from '../support/kill';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem } from '../support/system';
import { newPayer, onChain, type Payer, type Payment, pay, settled } from '../support/transfers';

let running: StartedSystem;
let payer: Payer;
const payments: Payment[] = [];
beforeAll(async () => {
  running = await startSystem();
  payer = await newPayer(findSystem(running.dataDir));
});
afterAll(() => running?.stop());

const TRANSFERS = 10;

/** Ten payments under way, and a kill in the middle of them. Every one the API has acknowledged must reach the chain, once. */
const survives = async (part: string): Promise<void> => {
  const asked: Promise<Payment>[] = [];
  for (let i = 0; i < TRANSFERS; i += 1) {
    asked.push(pay(payer));
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (i === TRANSFERS / 2) void restarted(running.dataDir, part, killPart(running.dataDir, part));
  }
  const acknowledged = await Promise.all(asked);
  payments.push(...acknowledged);
  const final = await Promise.all(acknowledged.map((payment) => settled(payer, payment)));
  expect(final.map(({ status, reason }) => ({ status, reason }))).toEqual(
    final.map(() => ({ status: 'Confirmed', reason: undefined })),
  );
  const chain = await onChain(payer, payments);
  expect(chain).toEqual({
    nonce: payments.length,
    sent: payments.length,
    times: payments.map(() => 1),
    received: payments.map(({ amount }) => amount),
  });
};

test('kill -9 of one signer during a stream of transfers: signing goes on', () => survives('signer-2'));
test('kill -9 of the coordinator: every acknowledged transfer is on the chain exactly once', () =>
  survives('coordinator'));
test('kill -9 of the sequencer: every acknowledged transfer is on the chain exactly once', () => survives('sequencer'));
test('kill -9 of the broadcaster: every acknowledged transfer is on the chain exactly once', () =>
  survives('broadcaster'));
test('kill -9 of the server: every acknowledged transfer is on the chain exactly once', () => survives('server'));
test('kill -9 of the database: every acknowledged transfer is on the chain exactly once', () => survives('postgres'));
