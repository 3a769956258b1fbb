import { DfnsWallet } from '@dfns/lib-viem';
import { hashTypedData, recoverAddress, verifyMessage } from 'viem';
import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
let wallet: DfnsWallet;
beforeAll(async () => {
  admin = await newOrganisation(system);
  const { id } = await admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } });
  wallet = await DfnsWallet.init({ walletId: id, dfnsClient: admin.client });
});

test('viem signs a message, and the same message again', async () => {
  for (let times = 0; times < 2; times += 1) {
    const signature = await wallet.signMessage({ message: 'hello viem' });
    expect(await verifyMessage({ address: wallet.address, message: 'hello viem', signature })).toBe(true);
  }
});

test('viem signs raw bytes', async () => {
  const message = { raw: new Uint8Array([0, 1, 255]) };
  const signature = await wallet.signMessage({ message });
  expect(await verifyMessage({ address: wallet.address, message, signature })).toBe(true);
});

test('viem signs typed data', async () => {
  const data = {
    domain: { name: 'Countersign', version: '1', chainId: 11_155_111 },
    types: { Mail: [{ name: 'contents', type: 'string' }] },
    primaryType: 'Mail',
    message: { contents: 'hello' },
  } as const;
  const signature = await wallet.signTypedData(data);
  expect(await recoverAddress({ hash: hashTypedData(data), signature })).toBe(wallet.address);
});

test('a serialized transaction is not in this version, and says so', async () => {
  const transaction = {
    chainId: 11_155_111,
    type: 'eip1559',
    to: wallet.address,
    value: 1n,
    nonce: 0,
    gas: 21_000n,
  } as const;
  await expect(wallet.signTransaction(transaction)).rejects.toMatchObject({ httpStatus: 501 });
});

test('a pseudo-network wallet signs hashes under its own key', async () => {
  const { id } = await admin.client.wallets.createWallet({ body: { network: 'KeyECDSA' } });
  const bare = await DfnsWallet.init({ walletId: id, dfnsClient: admin.client });
  const hash = `0x${'5a'.repeat(32)}` as const;
  const signed = await admin.client.wallets.generateSignature({ walletId: id, body: { kind: 'Hash', hash } });
  expect(signed).toMatchObject({ status: 'Signed' });
  const { r, s, recid } = signed.signature as { r: `0x${string}`; s: `0x${string}`; recid: 0 | 1 };
  expect(await recoverAddress({ hash, signature: { r, s, yParity: recid } })).toMatch(/^0x[0-9a-fA-F]{40}$/);
  expect(bare.address).toMatch(/^0x/);
});
