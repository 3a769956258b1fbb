import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  http as overHttp,
  parseAbi,
  publicActions,
} from 'viem';
import { sepolia } from 'viem/chains';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startVendor, type Vendor } from '@/e2e/support/screening-vendor';
import { startAnvil, type TestChain } from '@/lib/chain/evm/testing/anvil';
import { contractCode } from '@/lib/chain/evm/testing/compile';
import { readEnvironment } from '@/lib/env';
import { type ScreenedTransfer, type SignedScreening, verifyScreenings } from '@/lib/evidence/screening';
import { createLogger } from '@/lib/logger';
import { LEDGER_PORTS } from './ledger-ports';
import { startOracle } from './oracle';
import type { RunningProcess } from './process';

const LISTED = '0x00000000000000000000000000000000000000c1';
const CLEAN = '0x00000000000000000000000000000000000000c2';
const ABI = parseAbi(['function set(address,bool)']);
const DEPLOYER = '0x00000000000000000000000000000000000000d1';

let chain: TestChain;
let vendor: Vendor;
let oracle: RunningProcess;
let url: string;
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-oracle-'));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  [chain, vendor] = await Promise.all([startAnvil(), startVendor()]);
  const transport = overHttp(chain.url);
  const local = createTestClient({ chain: sepolia, mode: 'anvil', transport }).extend(publicActions);
  await local.setBalance({ address: DEPLOYER, value: 10n ** 18n });
  await local.impersonateAccount({ address: DEPLOYER });
  const deployer = createWalletClient({ account: DEPLOYER, chain: sepolia, transport });
  const deployed = await local.waitForTransactionReceipt({
    hash: await deployer.sendTransaction({ data: contractCode('TestSanctionsList') }),
  });
  const contract = deployed.contractAddress ?? '0x';
  const data = encodeFunctionData({ abi: ABI, functionName: 'set', args: [LISTED, true] });
  await local.waitForTransactionReceipt({ hash: await deployer.sendTransaction({ to: contract, data }) });

  url = `http://127.0.0.1:${await freePort()}`;
  const env = readEnvironment({
    DATA_DIR: dataDir,
    ORACLE_URL: url,
    RPC_URL_EthereumSepolia: chain.url,
    SANCTIONS_ORACLE_EthereumSepolia: contract,
    SANCTIONS_ORACLE_BaseSepolia: contract,
    RPC_URL_BaseSepolia: 'http://127.0.0.1:9',
    GLOBAL_LEDGER_URL: `${vendor.url}/global-ledger`,
    GLOBAL_LEDGER_KEY: 'a-key-nobody-may-read',
  });
  oracle = await startOracle({ name: 'oracle', env, log: createLogger({ name: 'test', level: 'silent' }) });
}, 60_000);
afterAll(async () => {
  await oracle?.stop();
  await Promise.all([chain?.stop(), vendor?.stop()]);
  fs.rmSync(dataDir, { recursive: true, force: true });
});

const transferTo = (to: string, network = 'EthereumSepolia'): ScreenedTransfer => ({
  orgId: 'or-1',
  direction: 'outgoing',
  network,
  asset: 'native',
  from: '0x00000000000000000000000000000000000000a1',
  to,
  amount: '5',
  reference: '',
});
const ask = async (transfer: unknown, vendorName = 'Chainalysis') => {
  const body = JSON.stringify({ vendor: vendorName, userId: 'or-1', transfer });
  const response = await fetch(`${url}/screening`, { method: 'POST', body });
  return { status: response.status, signed: (await response.json()) as SignedScreening };
};
const read = async (transfer: ScreenedTransfer, vendorName?: string) => {
  const { signed } = await ask(transfer, vendorName);
  const { publicKey } = (await (await fetch(`${url}/key`)).json()) as { publicKey: string };
  const verified = verifyScreenings([signed], {
    transfer,
    at: Date.now(),
    oracleKeys: [publicKey],
    verify: LEDGER_PORTS.verifyEd25519,
  });
  return verified[0];
};

test('what the contract on the chain says of an address is signed with the transfer it was asked about', async () => {
  expect(await read(transferTo(LISTED))).toMatchObject({
    outcome: 'screened',
    sources: ['On-chain sanctions oracle'],
    findings: [{ kind: 'sanctions' }],
  });
  expect(await read(transferTo(CLEAN))).toMatchObject({ outcome: 'screened', findings: [] });
});
test('a network without such a contract is unsupported, one whose node is away a failure', async () => {
  expect((await read(transferTo(CLEAN, 'Polygon')))?.outcome).toBe('unsupportedNetwork');
  expect((await read(transferTo(CLEAN, 'BaseSepolia')))?.outcome).toBe('failed');
});
test('other vendors are asked on their own, and one without a source fails', async () => {
  vendor.score(12);
  expect(await read(transferTo(CLEAN), 'GlobalLedger')).toMatchObject({ outcome: 'screened', score: 12 });
  expect(await read(transferTo(CLEAN), 'Notabene')).toMatchObject({ outcome: 'failed' });
});
test.each([
  ['an address in capitals', { ...transferTo(CLEAN), to: LISTED.toUpperCase().replace('0X', '0x') }],
  ['an amount that is no number', { ...transferTo(CLEAN), amount: '-5' }],
  ['a member too many', { ...transferTo(CLEAN), note: 'x' }],
  ['nothing', null],
])('%s is not signed', async (_what, transfer) => {
  expect((await ask(transfer)).status).toBe(400);
});
test('health names the sources and tells no key', async () => {
  const text = await (await fetch(`${url}/health`)).text();
  expect(JSON.parse(text)).toMatchObject({
    screening: [{ name: 'On-chain sanctions oracle' }, { name: 'Global Ledger', lastAnswer: expect.any(String) }],
  });
  expect(text).not.toContain('a-key-nobody-may-read');
});
test('an oracle that gets no question in time lets nobody hang', async () => {
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const request = http.request(`${url}/screening`, { method: 'POST' }, (response) => resolve(response.statusCode));
    request.on('error', reject);
    request.end('x'.repeat(20_000));
  });
  expect(answer).toBe(400);
});
