import fs from 'node:fs';
import { createPublicClient, createTestClient, createWalletClient, encodeFunctionData, http, parseAbi } from 'viem';
import { sepolia } from 'viem/chains';
import { beforeAll, expect, test } from 'vitest';
import { testTokenCode } from '@/lib/chain/evm/testing/test-token';
import type { Person } from '../support/person';
import { fund, until } from '../support/system';
import { newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const ABI = parseAbi([
  'function transfer(address,uint256) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
]);
const DEPLOYER = '0x00000000000000000000000000000000000000d1';
const BOB = '0x00000000000000000000000000000000000000b1';
const transport = http(system.anvilUrl);
const chain = createPublicClient({ chain: sepolia, transport });

let admin: Person;
let token: `0x${string}`;
let wallet: { readonly id: string; readonly address: `0x${string}` };

/** Deploys the token from an address the local chain acts for, and gives the wallet 1,000 of it. */
const deploy = async (to: `0x${string}`): Promise<`0x${string}`> => {
  await fund(system, DEPLOYER, 10n ** 18n);
  const local = createTestClient({ chain: sepolia, mode: 'anvil', transport });
  await local.impersonateAccount({ address: DEPLOYER });
  const deployer = createWalletClient({ account: DEPLOYER, chain: sepolia, transport });
  const created = await chain.waitForTransactionReceipt({
    hash: await deployer.sendTransaction({ data: testTokenCode(10n ** 12n) }),
  });
  const contract = created.contractAddress;
  if (!contract) throw new Error('The token was not deployed.');
  const data = encodeFunctionData({ abi: ABI, functionName: 'transfer', args: [to, 1_000_000_000n] });
  await chain.waitForTransactionReceipt({ hash: await deployer.sendTransaction({ to: contract, data }) });
  return contract;
};

beforeAll(async () => {
  admin = await newOrganisation(system);
  const made = await admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } });
  wallet = { id: made.id, address: made.address as `0x${string}` };
  await fund(system, wallet.address, 10n ** 18n);
  token = await deploy(wallet.address);
  const prices = process.env.E2E_PRICES_FILE;
  if (!prices) throw new Error('E2E_PRICES_FILE names the price file of the running system.');
  const known = JSON.parse(fs.readFileSync(prices, 'utf8')) as { EthereumSepolia: Record<string, string> };
  known.EthereumSepolia[token] = '1';
  fs.writeFileSync(prices, JSON.stringify(known));
});

const send = (amount: bigint, to: string = BOB) =>
  admin.client.wallets.transferAsset({
    walletId: wallet.id,
    body: { kind: 'Erc20', contract: token, to, amount: String(amount) },
  });
const settled = (transferId: string) =>
  until(
    () => admin.client.wallets.getTransfer({ walletId: wallet.id, transferId }),
    (value) => ['Confirmed', 'Failed', 'Rejected'].includes(value.status),
  );
const balanceOf = (owner: string) =>
  chain.readContract({ address: token, abi: ABI, functionName: 'balanceOf', args: [owner as `0x${string}`] });

test('a configured token shows among the assets with its balance', async () => {
  const { assets } = await admin.client.wallets.getWalletAssets({ walletId: wallet.id });
  expect(assets.find((asset) => asset.kind === 'Erc20')).toMatchObject({
    contract: expect.stringMatching(new RegExp(`^${token}$`, 'i')),
    symbol: 'TUSD',
    decimals: 6,
    balance: '1000000000',
  });
});

test('a token transfer is confirmed and moves exactly its amount', async () => {
  const transfer = await send(250_000_000n);
  expect(transfer.requestBody).toMatchObject({ kind: 'Erc20', amount: '250000000' });
  expect(await settled(transfer.id)).toMatchObject({ status: 'Confirmed', txHash: expect.any(String) });
  expect(await balanceOf(BOB)).toBe(250_000_000n);
});

test('a contract is read by a function that only reads', async () => {
  const abi = {
    type: 'function',
    name: 'balanceOf',
    stateMutability: 'view',
    inputs: [{ name: 'owner', type: 'address' }],
    outputs: [{ name: '', type: 'uint256' }],
  };
  const call = (more: object) =>
    admin.client.networks.callFunction({ network: 'ethereum-sepolia', body: { contract: token, abi, ...more } });
  expect(await call({ calldata: { owner: BOB } })).toBe('250000000');
  await expect(call({ calldata: ['nobody'] })).rejects.toMatchObject({ httpStatus: 400 });
  await expect(call({ calldata: [BOB], contract: BOB })).rejects.toMatchObject({ httpStatus: 422 });
});

test('an amount limit counts tokens by their signed price and decimals', async () => {
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'A hundred dollars',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'TransactionAmountLimit', configuration: { limit: 100, currency: 'USD' } },
      filters: { walletId: { in: [wallet.id] } },
      action: { kind: 'Block' },
    } as never,
  });
  await expect(send(100_000_001n)).rejects.toMatchObject({
    httpStatus: 403,
    message: expect.stringContaining('above limit (USD 100)'),
  });
  expect((await settled((await send(100_000_000n)).id)).status).toBe('Confirmed');
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a whitelist looks at the recipient of the token, not at its contract', async () => {
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'Bob only',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'TransactionRecipientWhitelist', configuration: { addresses: [token, BOB] } },
      filters: { walletId: { in: [wallet.id] } },
      action: { kind: 'Block' },
    } as never,
  });
  await expect(send(1n, DEPLOYER)).rejects.toMatchObject({ httpStatus: 403 });
  const data = encodeFunctionData({ abi: ABI, functionName: 'transfer', args: [DEPLOYER, 1n] });
  const disguised = { kind: 'Eip1559', to: token, data } as const;
  await expect(
    admin.client.wallets.broadcastTransaction({ walletId: wallet.id, body: disguised }),
  ).rejects.toMatchObject({ httpStatus: 403 });
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('more than the wallet has moves nothing and holds up no later transfer', async () => {
  const before = await balanceOf(BOB);
  const tooMuch = await send(10n ** 15n);
  expect((await settled((await send(1n)).id)).status).toBe('Confirmed');
  expect(await balanceOf(BOB)).toBe(before + 1n);
  const asked = await admin.client.wallets.getTransfer({ walletId: wallet.id, transferId: tooMuch.id });
  expect(asked.txHash).toBeUndefined();
});
