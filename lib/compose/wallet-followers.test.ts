import pg from 'pg';
import { encodeFunctionData, parseAbi } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAnvil, type TestChain, until } from '@/lib/chain/evm/testing/anvil';
import { testTokenCode } from '@/lib/chain/evm/testing/test-token';
import { writeChanges } from '@/lib/db/records';
import { pgSql, type Sql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { unjudgedTransfers, walletHistory } from '@/lib/db/wallet-transfers';
import { createLogger } from '@/lib/logger';
import { evmClients } from './broadcast-chain';
import { judgeIncomingOnce } from './incoming';
import { followOnce } from './wallet-followers';

const NETWORK = 'EthereumSepolia';
const SENDER = '0x00000000000000000000000000000000000000d1';
const ABI = parseAbi(['function transfer(address,uint256) returns (bool)']);

let anvil: TestChain;
let database: TestDatabase;
let pool: pg.Pool;
let sql: Sql;
beforeAll(async () => {
  [anvil, database] = await Promise.all([startAnvil(), createTestDatabase()]);
  pool = new pg.Pool({ connectionString: database.url });
  sql = pgSql(pool);
  await anvil.rpc('anvil_setBalance', SENDER, '0xde0b6b3a7640000');
  await anvil.rpc('anvil_impersonateAccount', SENDER);
});
afterAll(async () => {
  await pool?.end();
  await Promise.all([anvil?.stop(), database?.drop()]);
});

const log = createLogger({ name: 'test', level: 'silent' });
const follow = () => followOnce({ sql, chains: evmClients({ [NETWORK]: anvil.url }), log });
const send = async (transaction: object): Promise<{ hash: string; contractAddress: string | null }> => {
  const hash = await anvil.rpc<string>('eth_sendTransaction', { from: SENDER, gas: '0x2dc6c0', ...transaction });
  let receipt: { contractAddress: string | null } | null = null;
  await until(async () => {
    receipt = await anvil.rpc('eth_getTransactionReceipt', hash);
    return receipt !== null;
  });
  return { hash, contractAddress: (receipt as { contractAddress: string | null } | null)?.contractAddress ?? null };
};
const history = (walletId: string, filter = {}) => walletHistory(sql, 'or-1', walletId, filter, { limit: 10 });

test('what moves into and out of our wallets on a chain is written down once, coins and tokens', async () => {
  await follow();
  const ours = { a: `0x${'aA'.repeat(18)}0001`, b: `0x${'aA'.repeat(18)}0002` };
  for (const [id, address] of Object.entries(ours)) {
    const record = { id: `wa-${id}`, keyId: 'key-1', network: NETWORK, address, tags: [], status: 'Active' };
    await writeChanges(sql, 'or-1', '1', [{ kind: 'wallet', record: record as never }]);
    await anvil.rpc('anvil_impersonateAccount', address);
  }
  const { hash } = await send({ to: ours.a, value: '0x64' });
  const { contractAddress: token } = await send({ data: testTokenCode(1_000_000n) });
  const pay = (to: string, amount: bigint) =>
    send({
      to: token,
      data: encodeFunctionData({
        abi: ABI,
        functionName: 'transfer',
        args: [to.toLowerCase() as `0x${string}`, amount],
      }),
    });
  await pay(ours.a, 7n);
  await pay('0x00000000000000000000000000000000000000ee', 9n);
  await anvil.rpc('anvil_setBalance', ours.a, '0xde0b6b3a7640000');
  await send({ from: ours.a, to: ours.b, value: '0x5' });
  await send({ to: token, value: '0x1' }).catch(() => undefined);
  await until(async () => {
    await follow();
    return (await history('wa-b')).length > 0;
  });
  await follow();

  const [out, tokens, coins, ...rest] = await history('wa-a');
  expect(rest).toEqual([]);
  expect(coins).toMatchObject({
    direction: 'In',
    txHash: hash,
    place: -1,
    contract: null,
    from: SENDER,
    to: ours.a.toLowerCase(),
    amount: '100',
    symbol: 'ETH',
    decimals: 18,
    fee: null,
  });
  expect(tokens).toMatchObject({
    direction: 'In',
    contract: token?.toLowerCase(),
    amount: '7',
    symbol: 'TUSD',
    decimals: 6,
  });
  expect(out).toMatchObject({
    direction: 'Out',
    to: ours.b.toLowerCase(),
    amount: '5',
    fee: expect.stringMatching(/^[1-9]/),
  });
  expect(await history('wa-b')).toMatchObject([{ direction: 'In', amount: '5' }]);
  expect(await history('wa-a', { direction: 'Out' })).toHaveLength(1);
  expect(await history('wa-a', { kind: 'Erc20Transfer', contract: token ?? '' })).toHaveLength(1);
  expect(await walletHistory(sql, 'or-2', 'wa-a', {}, { limit: 10 })).toEqual([]);
});

test('what came in is shown to the policies once, oldest first; what a vendor does not answer about waits', async () => {
  const shown: string[] = [];
  const judge = (answer: (amount: string) => 'judged' | 'unanswered', now = Date.now()) =>
    judgeIncomingOnce({
      sql,
      now: () => now,
      ledger: {
        judgeIncoming: async ({ transfer, failures }) => {
          shown.push(`${transfer.amount} ${failures}`);
          return answer(transfer.amount);
        },
      },
    });
  await judge((amount) => (amount === '7' ? 'unanswered' : 'judged'));
  expect(shown).toEqual(['100 wait', '7 wait', '5 wait']);
  shown.length = 0;
  await judge(() => 'judged', Date.now() + 200_000);
  expect(shown).toEqual(['7 take']);
  expect(await unjudgedTransfers(sql, 10)).toEqual([]);
});

test('a chain that does not answer is read later, and its blocks then', async () => {
  await followOnce({ sql, chains: evmClients({ [NETWORK]: 'http://127.0.0.1:9' }), log });
  const before = (await history('wa-b')).length;
  const to = `0x${'aA'.repeat(18)}0002`;
  await send({ to, value: '0x8' });
  await until(async () => {
    await follow();
    return (await history('wa-b')).length > before;
  });
  expect((await history('wa-b'))[0]?.amount).toBe('8');
});
