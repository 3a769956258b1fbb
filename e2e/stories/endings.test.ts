import { beforeAll, expect, test } from 'vitest';
import { keepDown } from '../support/kill';
import type { Person } from '../support/person';
import { signedCall } from '../support/signed-call';
import { fund, until } from '../support/system';
import { newPayer, onChain, type Payer, pay, settled, transferOf } from '../support/transfers';
import { call, theSystem } from '../support/world';

const system = theSystem();
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETHER = 10n ** 18n;

let payer: Payer;
beforeAll(async () => {
  payer = await newPayer(system);
});

const detailOf = async (who: Person, activityId: string) =>
  (await call(system, 'GET', `/x/activities/${activityId}`, { token: who.token })).body as {
    readonly status: string;
    readonly refusals: readonly { readonly code: string; readonly message: string }[];
  };
const freeze = (body: object) => signedCall(system, payer.admin, 'POST', '/x/freeze', body);
const unfreeze = (body: object) => signedCall(system, payer.admin, 'POST', '/x/unfreeze', body);

test('a transfer of more than the wallet holds fails with the reason and frees the nonce for the next', async () => {
  const { admin, walletId } = payer;
  const { id: transferId } = await admin.client.wallets.transferAsset({
    walletId,
    body: { kind: 'Native', to: RECIPIENT, amount: String(11n * ETHER) },
  });
  const failed = await settled(payer, { transferId, recipient: RECIPIENT, amount: 11n * ETHER });
  expect(failed).toMatchObject({ status: 'Failed', reason: expect.stringContaining('The wallet holds') });
  expect(failed.txHash).toBeUndefined();
  const payment = await pay(payer);
  expect(await settled(payer, payment)).toMatchObject({ status: 'Confirmed' });
  expect(await onChain(payer, [payment])).toMatchObject({ nonce: 1, sent: 1, times: [1] });
  // Money that comes later does not bring it back: somebody may have asked again meanwhile.
  await fund(system, payer.address, 20n * ETHER);
  await pay(payer).then((next) => settled(payer, next));
  expect((await transferOf(payer, transferId)).status).toBe('Failed');
});

test('a call that the contract reverts fails before it is signed', async () => {
  const { admin, walletId } = payer;
  // The precompiled contract at 9 (a hash function) fails on input of any but one length.
  const made = await admin.client.wallets.broadcastTransaction({
    walletId,
    body: { kind: 'Evm', to: '0x0000000000000000000000000000000000000009', data: '0x01' },
  });
  const failed = await until(
    () => admin.client.wallets.getTransaction({ walletId, transactionId: made.id }),
    ({ status }) => ['Failed', 'Confirmed', 'Rejected'].includes(status),
  );
  expect(failed).toMatchObject({ status: 'Failed', reason: expect.any(String) });
  expect(failed.txHash).toBeUndefined();
});

test('requests approved before a freeze wait, say why, and are confirmed soon after the un-freeze', async () => {
  // With two nodes away nothing is signed: the freeze finds both requests approved and unsigned.
  const down = [await keepDown(system.dataDir, 'signer-1'), await keepDown(system.dataDir, 'signer-2')];
  const payments = await Promise.all([pay(payer), pay(payer)]);
  expect((await freeze({ walletId: payer.walletId })).status).toBe(200);
  for (const node of down) node.back();
  for (const { transferId } of payments) {
    const waiting = await until(
      () => detailOf(payer.admin, transferId),
      ({ refusals }) => refusals.some(({ code }) => code === 'freeze.wallet'),
    );
    expect(waiting.status).toBe('Executing');
  }
  expect((await unfreeze({ walletId: payer.walletId })).status).toBe(200);
  // Well below the half minute after which a waiting request is looked at anyway.
  for (const payment of payments) expect(await settled(payer, payment, 20_000)).toMatchObject({ status: 'Confirmed' });
  expect((await onChain(payer, payments)).times).toEqual([1, 1]);
});

test('a frozen organisation keeps what was approved until it is un-frozen', async () => {
  const down = [await keepDown(system.dataDir, 'signer-1'), await keepDown(system.dataDir, 'signer-2')];
  const payment = await pay(payer);
  expect((await freeze({})).status).toBe(200);
  for (const node of down) node.back();
  await until(
    () => detailOf(payer.admin, payment.transferId),
    ({ refusals }) => refusals.some(({ code }) => code === 'freeze.organisation'),
  );
  expect((await unfreeze({})).status).toBe(200);
  expect(await settled(payer, payment, 20_000)).toMatchObject({ status: 'Confirmed' });
});
