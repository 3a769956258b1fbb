import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startAnvil, type TestChain, until } from '@/lib/chain/evm/testing/anvil';
import { countChainAlarms, listChainAlarms } from '@/lib/db/chain-alarms';
import { writeChanges } from '@/lib/db/records';
import { pgSql, type Sql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { pinId } from '@/lib/domain/signing';
import { createLogger } from '@/lib/logger';
import { evmClients } from './broadcast-chain';
import { reconcileOnce } from './reconciliation';

const NETWORK = 'EthereumSepolia';
const BOB = '0x00000000000000000000000000000000000b0b01';

let anvil: TestChain;
let database: TestDatabase;
let pool: pg.Pool;
let sql: Sql;
beforeAll(async () => {
  [anvil, database] = await Promise.all([startAnvil(), createTestDatabase()]);
  pool = new pg.Pool({ connectionString: database.url });
  sql = pgSql(pool);
});
afterAll(async () => {
  await pool?.end();
  await Promise.all([anvil?.stop(), database?.drop()]);
});

let logged: string[] = [];
beforeEach(() => {
  logged = [];
});
const reconcile = (url = anvil.url, everywhere = false) =>
  reconcileOnce({
    sql,
    everywhere,
    chains: evmClients({ [NETWORK]: url }),
    log: createLogger({ name: 'test', level: 'info', destination: { write: (line) => void logged.push(line) } }),
  });

let count = 0;
/** A wallet of the ledger whose address the chain lets anybody act for. */
const aWallet = async (network = NETWORK) => {
  count += 1;
  const orgId = `or-${count}`;
  const walletId = `wa-${count}`;
  const address = `0x${'aA'.repeat(18)}${String(count).padStart(4, '0')}`;
  const wallet = { id: walletId, keyId: `key-${count}`, network, address, tags: [], status: 'Active' };
  await writeChanges(sql, orgId, '1', [{ kind: 'wallet', record: wallet as never }]);
  await anvil.rpc('anvil_setBalance', address, '0xde0b6b3a7640000');
  await anvil.rpc('anvil_impersonateAccount', address);
  const send = async () => {
    const hash = await anvil.rpc<string>('eth_sendTransaction', { from: address, to: BOB, value: '0x1' });
    await until(async () => (await anvil.rpc('eth_getTransactionReceipt', hash)) !== null);
    return hash;
  };
  /** What reserve, release and broadcast entries make of the state; `chain` is what the broadcaster told. */
  const knows = async (nonce: number, activity: { release?: object; chain?: object }) => {
    const id = `xfr-${count}-${nonce}`;
    const pin = { chain: 'eip155:11155111', sender: address.toLowerCase(), nonce: String(nonce) };
    await writeChanges(sql, orgId, '2', [
      { kind: 'pin', record: { id: pinId(pin), holder: id } },
      { kind: 'activity', record: { id, pin, ...activity } as never },
    ]);
  };
  return { orgId, walletId, address, send, knows };
};
const release = { digest: 'd', signature: {} };
const confirmed = { status: 'Confirmed', subStatus: 'Finalized' };

test('a transaction the ledger knows nothing of raises one alarm, with its hash, for its organisation alone', async () => {
  const [robbed, other] = [await aWallet(), await aWallet()];
  const hash = await robbed.send();
  expect(await reconcile()).toMatchObject([{ walletId: robbed.walletId, nonce: 0, reason: 'unknown', hash }]);
  expect(await reconcile()).toEqual([]);
  expect(await listChainAlarms(sql, robbed.orgId)).toMatchObject([{ network: NETWORK, nonce: 0, hash }]);
  expect(await listChainAlarms(sql, other.orgId)).toEqual([]);
  expect(await countChainAlarms(sql)).toBe(1);
  expect(logged.filter((line) => line.includes('is not in the ledger'))).toHaveLength(1);
  await robbed.send();
  expect(await reconcile()).toMatchObject([{ walletId: robbed.walletId, nonce: 1 }]);
});

test('honest transfers raise none: signed and sent, seen on the chain, or not sent at all', async () => {
  const wallet = await aWallet();
  await wallet.knows(0, { release });
  await wallet.send();
  await wallet.knows(1, {});
  expect(await reconcile()).toEqual([]);
  await wallet.knows(0, { release, chain: confirmed });
  expect(await reconcile()).toEqual([]);
  expect(await listChainAlarms(sql, wallet.orgId)).toEqual([]);
});

test('a transaction at the nonce of a request that the signers did not sign is an alarm', async () => {
  const wallet = await aWallet();
  await wallet.knows(0, {});
  await wallet.send();
  expect(await reconcile()).toMatchObject([{ walletId: wallet.walletId, reason: 'unsigned' }]);
});

test('one in the place of a signed one is an alarm as soon as the broadcaster knows, also when it is final', async () => {
  const wallet = await aWallet();
  await wallet.knows(0, { release });
  await wallet.send();
  expect(await reconcile()).toEqual([]);
  await until(async () => Number(await anvil.rpc('eth_getTransactionCount', wallet.address, 'finalized')) === 1);
  expect(await reconcile()).toEqual([]);
  await wallet.knows(0, { release, chain: { status: 'Failed', subStatus: 'ReplacedExternally' } });
  expect(await reconcile()).toMatchObject([{ walletId: wallet.walletId, reason: 'replaced' }]);
});

test('what is final and known is not looked at again', async () => {
  const wallet = await aWallet();
  await wallet.knows(0, { release, chain: confirmed });
  await wallet.send();
  await until(async () => {
    await reconcile();
    const { rows } = await pool.query('SELECT next_nonce FROM chain_reconciled WHERE address = $1', [
      wallet.address.toLowerCase(),
    ]);
    return rows[0]?.next_nonce === '1';
  });
});

test('a chain that does not answer is no alarm and is looked at the next time', async () => {
  const wallet = await aWallet();
  await wallet.send();
  expect(await reconcile('http://127.0.0.1:9')).toEqual([]);
  expect(logged.join('')).toContain('could not compare');
  expect(await reconcile()).toMatchObject([{ walletId: wallet.walletId }]);
});

test('a transaction of an address on a network where the organisation has no wallet is an alarm, named with that network', async () => {
  const wallet = await aWallet('BaseSepolia');
  const hash = await wallet.send();
  expect(await reconcile()).toEqual([]);
  expect(await reconcile(anvil.url, true)).toMatchObject([
    { walletId: wallet.walletId, network: NETWORK, nonce: 0, reason: 'unknown', hash },
  ]);
  expect(await reconcile(anvil.url, true)).toEqual([]);
});
