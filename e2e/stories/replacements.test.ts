import { parseTransaction } from 'viem/utils';
import { beforeAll, expect, test } from 'vitest';
import { verifying } from '@/lib/verifying-client/verifying';
import { whileNothingIsMined } from '../support/chain-history';
import { signerOf } from '../support/person';
import { until } from '../support/system';
import { newPayer, onChain, type Payer, pay, settled, transferOf } from '../support/transfers';
import { theSystem } from '../support/world';

const system = theSystem();
let payer: Payer;
beforeAll(async () => {
  payer = await newPayer(system);
});

const transactionOf = (transactionId: string) =>
  payer.admin.client.wallets.getTransaction({ walletId: payer.walletId, transactionId });
const inMempool = <T extends { readonly status: string }>(read: () => Promise<T>): Promise<T> =>
  until(read, ({ status }) => status !== 'Executing' && status !== 'Pending');
const ended = (transactionId: string) =>
  until(
    () => transactionOf(transactionId),
    ({ status }) => status === 'Confirmed' || status === 'Failed' || status === 'Rejected',
  );

test('a stuck transfer is sped up, and its replacement is mined at the same nonce', async () => {
  const { admin, walletId } = payer;
  const { payment, stuck, faster } = await whileNothingIsMined(system, async () => {
    const payment = await pay(payer);
    const stuck = await inMempool(() => transferOf(payer, payment.transferId));
    expect(stuck).toMatchObject({ status: 'Broadcasted' });
    const made = await admin.client.wallets.speedUpTransfer({ walletId, transferId: payment.transferId });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^tx-/),
      requestBody: { kind: 'SpeedUpTransaction', txHash: stuck.txHash, signedTx: expect.stringMatching(/^0x02/) },
    });
    expect(await transferOf(payer, payment.transferId)).toMatchObject({ replacementId: made.id });
    await expect(
      admin.client.wallets.speedUpTransfer({ walletId, transferId: payment.transferId }),
    ).rejects.toMatchObject({ httpStatus: 409 });
    return { payment, stuck, faster: await inMempool(() => transactionOf(made.id)) };
  });
  expect(faster).toMatchObject({ status: 'Broadcasted' });
  expect(faster.txHash).not.toBe(stuck.txHash);
  expect(await ended(faster.id)).toMatchObject({ status: 'Confirmed', txHash: faster.txHash });
  expect(await settled(payer, payment)).toMatchObject({
    status: 'Failed',
    replacementId: faster.id,
    reason: expect.stringContaining(faster.txHash ?? '-'),
  });
  expect(await onChain(payer, [payment])).toMatchObject({ nonce: 1, sent: 1, times: [1], received: [payment.amount] });
});

test('through a verifying client a speed-up is sped up again, and then cancelled', async () => {
  const { admin, walletId } = payer;
  const client = verifying(admin.client, signerOf(admin.credential));
  const { payment, cancel, bids } = await whileNothingIsMined(system, async () => {
    const payment = await pay(payer);
    await inMempool(() => transferOf(payer, payment.transferId));
    const first = await client.wallets.speedUpTransfer({ walletId, transferId: payment.transferId });
    await inMempool(() => transactionOf(first.id));
    const second = await client.wallets.speedUpTransaction({ walletId, transactionId: first.id });
    await inMempool(() => transactionOf(second.id));
    const cancel = await client.wallets.cancelTransaction({ walletId, transactionId: second.id });
    await inMempool(() => transactionOf(cancel.id));
    const replaced = [first.id, second.id, cancel.id].map(async (id) => {
      const { requestBody } = await transactionOf(id);
      const { signedTx } = requestBody as unknown as { readonly signedTx: `0x02${string}` };
      return parseTransaction(signedTx).maxFeePerGas ?? 0n;
    });
    return { payment, cancel, bids: await Promise.all(replaced) };
  });
  const [original = 0n, first = 0n, second = 0n] = bids;
  expect([first * 10n >= original * 11n, second * 10n >= first * 11n]).toEqual([true, true]);
  expect(await ended(cancel.id)).toMatchObject({ status: 'Confirmed' });
  expect(await settled(payer, payment)).toMatchObject({ status: 'Failed', replacementId: cancel.id });
  expect((await onChain(payer, [payment])).received).toEqual([0n]);
});
