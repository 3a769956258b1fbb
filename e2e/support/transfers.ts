import { randomBytes } from 'node:crypto';
import { balanceOf, nonceOf, transactionsFrom } from './chain-history';
import type { Person } from './person';
import { fund, type System, until } from './system';
import { newOrganisation } from './world';

const ETHER = 10n ** 18n;

/** An organisation with one funded wallet, and how to pay from it. */
export type Payer = {
  readonly system: System;
  readonly admin: Person;
  readonly walletId: string;
  readonly address: string;
};

export const newPayer = async (system: System): Promise<Payer> => {
  const admin = await newOrganisation(system);
  return { system, admin, ...(await newWallet(system, admin)) };
};

export const newWallet = async (system: System, admin: Person): Promise<{ walletId: string; address: string }> => {
  // All nodes make a key together: right after a start or a kill one of them may still be on its way.
  const wallet = await until(
    () => admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } }).catch((error: Error) => error),
    (made) => !(made instanceof Error),
    60_000,
  );
  if (wallet instanceof Error || !wallet.address) throw wallet;
  await fund(system, wallet.address, 10n * ETHER);
  return { walletId: wallet.id, address: wallet.address };
};

/** One payment to a recipient of its own, so that the chain itself tells how often it was made. */
export type Payment = { readonly transferId: string; readonly recipient: string; readonly amount: bigint };

/** Asks for a payment and, like a careful client, again with the same externalId until the API has acknowledged it. */
export const pay = async ({ admin, walletId }: Payer, retryMs = 60_000): Promise<Payment> => {
  const recipient = `0x${randomBytes(20).toString('hex')}`;
  const amount = 1_000n;
  const body = { kind: 'Native' as const, to: recipient, amount: String(amount), externalId: `pay-${recipient}` };
  const end = Date.now() + retryMs;
  for (;;) {
    try {
      const { id } = await admin.client.wallets.transferAsset({ walletId, body });
      return { transferId: id, recipient, amount };
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
};

export const transferOf = ({ admin, walletId }: Payer, transferId: string) =>
  admin.client.wallets.getTransfer({ walletId, transferId });

const ENDED = ['Confirmed', 'Failed', 'Rejected'];

/** Waits until a payment is at its end; an API that is away meanwhile is asked again. */
export const settled = async (payer: Payer, { transferId }: Payment, timeoutMs = 60_000, pollMs = 200) => {
  const final = await until(
    () => transferOf(payer, transferId).catch((error: Error) => error),
    (value) => !(value instanceof Error) && ENDED.includes(value.status),
    timeoutMs,
    pollMs,
  );
  if (final instanceof Error) throw final;
  return final;
};

/** What the chain shows of the wallet: its nonce, and for each payment how many transactions and how much its recipient has. */
export const onChain = async ({ system, address }: Payer, payments: readonly Payment[]) => {
  const transactions = await transactionsFrom(system, address);
  const received = await Promise.all(payments.map(({ recipient }) => balanceOf(system, recipient)));
  return {
    nonce: await nonceOf(system, address),
    sent: transactions.length,
    times: payments.map(({ recipient }) => transactions.filter(({ to }) => to === recipient).length),
    received,
  };
};
