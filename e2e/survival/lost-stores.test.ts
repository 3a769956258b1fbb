import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepDown } from '../support/kill';
import { signedCall } from '../support/signed-call';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem, until } from '../support/system';
import { newPayer, newWallet, onChain, type Payer, type Payment, pay, settled, transferOf } from '../support/transfers';
import { call } from '../support/world';

let running: StartedSystem;
let payer: Payer;
const confirmed: Payment[] = [];
beforeAll(async () => {
  running = await startSystem();
  payer = await newPayer(findSystem(running.dataDir));
});
afterAll(async () => running?.stop());

const directoryOf = (node: number): string => path.join(running.dataDir, `signer-${node}`);

/** What an operator types on the node's machine. @returns what it prints. */
const command = async (node: number, ...words: string[]): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'workers/signer.ts', ...words], {
      env: { ...process.env, DATA_DIR: running.dataDir, SIGNER: String(node) },
    })
  ).stdout;

type Shown = {
  readonly node: number;
  readonly connected: boolean;
  readonly quarantined: boolean;
  readonly lostStores: number;
  readonly keysWithoutShare: number;
  readonly claimedBy: string | null;
  readonly pairs: readonly { readonly state: string }[];
};
const isPaired = ({ pairs }: Shown): boolean => pairs.filter(({ state }) => state === 'ready').length === 3;

/** Waits until the console's list of signers shows the node so. */
const shown = (node: number, holds: (signer: Shown) => boolean, timeoutMs = 90_000) =>
  until(
    async () => {
      const { body } = await call(payer.system, 'GET', '/x/signers', { token: payer.admin.token });
      return (body.items as readonly Shown[] | undefined)?.find((item) => item.node === node) ?? null;
    },
    (signer) => signer !== null && holds(signer),
    timeoutMs,
  );

/** Kills a node, does something to its directory before its successor can look, and lets that run. */
const meanwhile = async (node: number, work: (directory: string) => void | Promise<void>): Promise<void> => {
  const down = await keepDown(running.dataDir, `signer-${node}`);
  await work(directoryOf(node));
  down.back();
};

const payAndConfirm = async (): Promise<void> => {
  const payment = await pay(payer);
  expect(await settled(payer, payment, 120_000)).toMatchObject({ status: 'Confirmed' });
  confirmed.push(payment);
};

test('a node whose store is lost is let in by a governed entry; the others go on with old keys, and new ones use all', {
  timeout: 360_000,
}, async () => {
  await payAndConfirm();
  await meanwhile(4, (directory) => fs.rmSync(directory, { recursive: true }));
  await shown(4, ({ connected, claimedBy }) => !connected && claimedBy !== null);
  await payAndConfirm();

  const enrolment = JSON.parse(await command(4, 'enrol')) as object;
  const body = { kind: 'Replacement', ...enrolment };
  expect(await signedCall(payer.system, payer.admin, 'POST', '/x/signers/4/certificate', body)).toMatchObject({
    status: 200,
  });
  expect(await shown(4, ({ connected }) => connected)).toMatchObject({ lostStores: 1, keysWithoutShare: 1 });
  await payAndConfirm();
  // Making a key takes every node, and signing with it the set-ups between them.
  await shown(4, isPaired, 150_000);
  const other = { ...payer, ...(await newWallet(payer.system, payer.admin)) };
  expect(await settled(other, await pay(other), 120_000)).toMatchObject({ status: 'Confirmed' });
});

test('a node that starts with an old copy of its store signs nothing until its operator lets it come back', {
  timeout: 480_000,
}, async () => {
  const old = path.join(running.dataDir, 'signer-3.old');
  await meanwhile(3, (directory) => fs.cpSync(directory, old, { recursive: true }));
  await shown(3, ({ connected }) => connected);
  // Only three hold the key: each of them takes part.
  for (let i = 0; i < 3; i += 1) await payAndConfirm();

  await meanwhile(3, (directory) => {
    fs.rmSync(directory, { recursive: true });
    fs.renameSync(old, directory);
  });
  await shown(3, ({ quarantined }) => quarantined);
  const waiting = await pay(payer);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  expect(await transferOf(payer, waiting.transferId)).toMatchObject({ status: 'Executing' });

  await meanwhile(3, async () => {
    expect(await command(3, 'readmit')).toContain('may come back');
  });
  await shown(3, (signer) => signer.connected && !signer.quarantined && isPaired(signer), 150_000);
  // Its minute of patience may have ended before the node was back.
  if ((await settled(payer, waiting, 120_000)).status === 'Confirmed') confirmed.push(waiting);
  await payAndConfirm();
  expect(await onChain(payer, confirmed)).toMatchObject({
    nonce: confirmed.length,
    sent: confirmed.length,
    times: confirmed.map(() => 1),
  });
});
