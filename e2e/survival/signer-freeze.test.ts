import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem } from '../support/system';
import { newPayer, type Payer, pay, settled, transferOf } from '../support/transfers';

let running: StartedSystem;
let payer: Payer;
beforeAll(async () => {
  running = await startSystem();
  payer = await newPayer(findSystem(running.dataDir));
});
afterAll(async () => running?.stop());

const command = async (node: number, ...words: string[]): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'workers/signer.ts', ...words], {
      env: { ...process.env, DATA_DIR: running.dataDir, SIGNER: String(node) },
    })
  ).stdout;

test('two signers frozen on their machines sign nothing while they run; lifted there, the request that waited is signed', {
  timeout: 180_000,
}, async () => {
  expect(await settled(payer, await pay(payer))).toMatchObject({ status: 'Confirmed' });
  for (const node of [1, 2]) expect(await command(node, 'freeze', '--all')).toContain('everything');
  const waiting = await pay(payer);
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  expect(await transferOf(payer, waiting.transferId)).toMatchObject({ status: 'Executing' });
  for (const node of [1, 2]) expect(await command(node, 'unfreeze', '--all')).toContain('nothing');
  expect(await settled(payer, waiting)).toMatchObject({ status: 'Confirmed' });
});
