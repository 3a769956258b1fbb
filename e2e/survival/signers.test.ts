import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Down, keepDown } from '../support/kill';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem } from '../support/system';
import { newPayer, newWallet, onChain, type Payer, type Payment, pay, settled, transferOf } from '../support/transfers';

let running: StartedSystem;
let payer: Payer;
const confirmed: Payment[] = [];
const down: Down[] = [];
beforeAll(async () => {
  running = await startSystem();
  payer = await newPayer(findSystem(running.dataDir));
});
afterAll(async () => {
  for (const node of down.splice(0)) node.back();
  await running?.stop();
});

const payAndConfirm = async (): Promise<void> => {
  const payment = await pay(payer);
  expect(await settled(payer, payment)).toMatchObject({ status: 'Confirmed' });
  confirmed.push(payment);
};

test('with one signer down transfers are signed and confirmed', async () => {
  await payAndConfirm();
  down.push(await keepDown(running.dataDir, 'signer-1'));
  for (let i = 0; i < 3; i += 1) await payAndConfirm();
});

test('with a signer down, creating a wallet answers 503 naming it and leaves no wallet', async () => {
  const before = (await payer.admin.client.wallets.listWallets({})).items.map(({ id }) => id);
  await expect(
    payer.admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia', name: 'Never' } }),
  ).rejects.toMatchObject({ httpStatus: 503, message: expect.stringMatching(/signer[ -]?(node )?1/i) });
  expect((await payer.admin.client.wallets.listWallets({})).items.map(({ id }) => id)).toEqual(before);
});

test('with two signers killed, transfers wait a minute, fail and say why, and new ones pass when they are back', {
  timeout: 240_000,
}, async () => {
  const asked: Promise<Payment>[] = [];
  for (let i = 0; i < 10; i += 1) {
    asked.push(pay(payer));
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (i === 4) down.push(await keepDown(running.dataDir, 'signer-3'));
  }
  const underWay = await Promise.all(asked);
  const waiting = await Promise.all([pay(payer), pay(payer), pay(payer)]);
  const began = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 50_000));
  for (const { transferId } of waiting)
    expect(await transferOf(payer, transferId)).toMatchObject({ status: 'Executing' });
  for (const payment of waiting)
    expect(await settled(payer, payment, 45_000)).toMatchObject({
      status: 'Failed',
      reason: expect.stringContaining('Only 2 of the 3 signer nodes'),
    });
  expect(Date.now() - began).toBeGreaterThan(55_000);
  // One whose nodes may have signed just when they were killed does not fail: it waits for them.
  await Promise.allSettled(underWay.map((payment) => settled(payer, payment, 10_000)));
  for (const node of down.splice(0)) node.back();

  // Failed ones give their nonces back as soon as enough nodes are there: the next ones take them, and nothing is stuck behind a gap.
  const retries = await Promise.all(Array.from({ length: 10 }, () => pay(payer)));
  for (const payment of retries) expect(await settled(payer, payment)).toMatchObject({ status: 'Confirmed' });
  // What has failed stays failed, though the nodes are back.
  for (const { transferId } of waiting) expect((await transferOf(payer, transferId)).status).toBe('Failed');
  const ends = await Promise.all(underWay.map((payment) => settled(payer, payment)));
  expect((await onChain(payer, [...waiting, ...underWay])).times).toEqual([
    ...waiting.map(() => 0),
    ...ends.map(({ status }) => (status === 'Confirmed' ? 1 : 0)),
  ]);
  confirmed.push(...retries, ...underWay.filter((_, i) => ends[i]?.status === 'Confirmed'));
  expect(await onChain(payer, confirmed)).toMatchObject({
    nonce: confirmed.length,
    sent: confirmed.length,
    times: confirmed.map(() => 1),
  });
});

test('all signers are back: a new wallet is made', async () => {
  await expect(newWallet(payer.system, payer.admin)).resolves.toMatchObject({ address: expect.stringMatching(/^0x/) });
});
