import { secp256k1 } from '@noble/curves/secp256k1.js';
import pg from 'pg';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { followAttempt } from '@/lib/broadcast/follow';
import type { Attempt, BroadcastActivity, BroadcastChain, Progress, RecordPorts } from '@/lib/broadcast/ports';
import { prepareTransaction } from '@/lib/broadcast/prepare';
import { acceptSignature } from '@/lib/broadcast/released';
import { erc20TransferData } from '@/lib/chain/evm/call';
import { startAnvil, type TestChain, until } from '@/lib/chain/evm/testing/anvil';
import { testTokenCode } from '@/lib/chain/evm/testing/test-token';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { attemptStore } from '@/lib/db/transaction-attempts';
import { bytesToHex, hexToBytes } from '@/lib/domain/hash';
import { accepted } from '@/lib/domain/refusal';
import type { EcdsaSignature } from '@/lib/domain/signing';
import { broadcastChains, evmClients } from './broadcast-chain';

const NETWORK = 'EthereumSepolia';
const ETHER = 10n ** 18n;
const BOB = '0x00000000000000000000000000000000000b0b01';

let chainProcess: TestChain;
let database: TestDatabase;
let pool: pg.Pool;
let chain: BroadcastChain;

beforeAll(async () => {
  [chainProcess, database] = await Promise.all([startAnvil(), createTestDatabase()]);
  pool = new pg.Pool({ connectionString: database.url });
  const found = broadcastChains(evmClients({ [NETWORK]: chainProcess.url }))(NETWORK);
  if (!found) throw new Error('no chain');
  chain = found;
});
afterAll(async () => {
  await pool?.end();
  await Promise.all([chainProcess?.stop(), database?.drop()]);
});

/** A wallet with its own key, and the activities and what was told of them, in memory. */
const aWallet = async (funds = 10n * ETHER) => {
  const secretKey = secp256k1.utils.randomSecretKey();
  const address = privateKeyToAccount(`0x${bytesToHex(secretKey)}`).address;
  await chainProcess.rpc('anvil_setBalance', address, `0x${funds.toString(16)}`);
  const activities = new Map<string, BroadcastActivity>();
  const told: (Progress & { readonly activityId: string })[] = [];
  const waits: { readonly activityId: string; readonly code: string }[] = [];
  const records: RecordPorts = {
    activity: async (_orgId, id) => activities.get(id) ?? null,
    pinHeldByOther: async () => false,
    progress: async (_orgId, activityId, progress) => {
      told.push({ activityId, ...progress });
      const activity = activities.get(activityId);
      if (activity) activities.set(activityId, { ...activity, chain: { ...activity.chain, ...progress } });
      return accepted(true);
    },
    waits: async (_orgId, activityId, { code }) => void waits.push({ activityId, code }),
  };
  const deps = { store: attemptStore(pool), records, chain };
  const sign = (digest: string): EcdsaSignature => {
    const bytes = secp256k1.sign(hexToBytes(digest), secretKey, { prehash: false, lowS: true, format: 'recovered' });
    return {
      recid: bytes[0] as 0 | 1,
      r: `0x${bytesToHex(bytes.slice(1, 33))}`,
      s: `0x${bytesToHex(bytes.slice(33))}`,
    };
  };
  const wallet = { network: NETWORK, address };
  const intentOf = (activity: BroadcastActivity) => ({
    activityKind: activity.kind,
    network: NETWORK,
    address,
    requestBody: activity.requestBody as { kind: string },
  });
  const request = (
    requestBody: object,
    extra: Partial<BroadcastActivity> = {},
    kind: BroadcastActivity['kind'] = 'Transfer',
  ) => {
    const activity: BroadcastActivity = { id: `a-${count++}`, kind, status: 'Approved', requestBody, ...extra };
    activities.set(activity.id, activity);
    return activity;
  };
  const prepare = async (activity: BroadcastActivity) => {
    const current = activities.get(activity.id) ?? activity;
    const prepared = await prepareTransaction(
      { orgId: 'or-1', activity: current, wallet, intent: intentOf(activity) },
      deps,
    );
    if (!prepared.ok) throw new Error(prepared.refusal.message);
    activities.set(activity.id, {
      ...current,
      status: 'Reserved',
      pin: prepared.value.pin,
      reservation: prepared.value,
    });
    return prepared.value;
  };
  const release = async (activity: BroadcastActivity) => {
    const current = activities.get(activity.id) ?? activity;
    const { digest } = current.reservation ?? (await prepare(activity));
    const signature = sign(digest);
    activities.set(activity.id, {
      ...(activities.get(activity.id) ?? current),
      status: 'Released',
      release: { digest, signature },
    });
    const now = activities.get(activity.id) ?? current;
    const taken = await acceptSignature(
      { orgId: 'or-1', activity: now, wallet, intent: intentOf(activity), signature },
      deps,
    );
    if (!taken.ok) throw new Error(taken.refusal.message);
    return (await deps.store.findByDigest(activity.id, digest)) as Attempt;
  };
  const tick = (attempt: Attempt) => followAttempt(attempt.id, deps);
  const follow = (attempt: Attempt, isThere: () => boolean | Promise<boolean>) =>
    until(async () => {
      await tick(attempt);
      return isThere();
    });
  const newsOf = (activity: BroadcastActivity) =>
    told.filter(({ activityId }) => activityId === activity.id).map(({ status, subStatus }) => subStatus ?? status);
  const attempt = (activity: BroadcastActivity, over: BroadcastChain = chain) =>
    prepareTransaction({ orgId: 'or-1', activity, wallet, intent: intentOf(activity) }, { ...deps, chain: over });
  const fail = async (activity: BroadcastActivity): Promise<string> => {
    const tried = await attempt(activity);
    return tried.ok ? 'prepared' : `${tried.isFinal ? 'for good' : 'for now'}: ${tried.refusal.message}`;
  };
  return { address, activities, told, waits, deps, attempt, request, prepare, release, tick, follow, newsOf, fail };
};
let count = 0;
const native = (amount: bigint, to = BOB) => ({ kind: 'Native', to, amount: amount.toString() });

const cancelOf = (wallet: Awaited<ReturnType<typeof aWallet>>, { id }: BroadcastActivity) =>
  wallet.request({ kind: 'CancelTransaction', targetId: id }, { cancels: id }, 'Transaction');

/** As the ledger has it: its own activity, with the call of the request and the bytes it outbids. */
const speedUpOf = (wallet: Awaited<ReturnType<typeof aWallet>>, { id, kind, requestBody }: BroadcastActivity) =>
  wallet.request(
    requestBody as object,
    { speedsUp: { activityId: id, unsigned: wallet.activities.get(id)?.reservation?.unsigned ?? '' } },
    kind,
  );

beforeEach(async () => {
  await chainProcess.rpc('evm_setIntervalMining', 1);
});

test('a native transfer is sent once, confirmed, and final', async () => {
  const wallet = await aWallet();
  const activity = wallet.request(native(ETHER, '0x00000000000000000000000000000000000b0b02'));
  const attempt = await wallet.release(activity);
  await wallet.follow(attempt, async () => (await wallet.deps.store.find(attempt.id))?.state === 'final');
  expect(wallet.newsOf(activity)).toEqual(['Broadcasted', 'Confirmed', 'Finalized']);
  expect(await chain.balance('0x00000000000000000000000000000000000b0b02')).toBe(ETHER);
  const confirmed = wallet.told.find(({ status }) => status === 'Confirmed');
  const paid = 10n * ETHER - ETHER - (await chain.balance(wallet.address));
  expect(confirmed).toMatchObject({ txHash: attempt.hash, fee: paid.toString() });
  expect(await wallet.tick(attempt)).toEqual({ isOver: true });
});

test('a token transfer moves the tokens, and one above the balance is refused before it is signed', async () => {
  const wallet = await aWallet();
  const deployer = (await chainProcess.rpc<string[]>('eth_accounts'))[0] as string;
  const hash = await chainProcess.rpc<string>('eth_sendTransaction', {
    from: deployer,
    data: testTokenCode(1_000_000_000n),
    gas: '0x2dc6c0',
  });
  await until(async () => (await chain.receipt(hash)) !== null);
  const contract = (await chainProcess.rpc<{ contractAddress: string }>('eth_getTransactionReceipt', hash))
    .contractAddress;
  await chainProcess.rpc('eth_sendTransaction', {
    from: deployer,
    to: contract,
    data: erc20TransferData(wallet.address, 500n),
    gas: '0x186a0',
  });
  await until(async () => (await chain.tokenBalance(contract, wallet.address)) === 500n);
  const activity = wallet.request({ kind: 'Erc20', contract, to: BOB, amount: '200' });
  const attempt = await wallet.release(activity);
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Confirmed'));
  expect(await chain.tokenBalance(contract, BOB)).toBe(200n);
  expect(await wallet.fail(wallet.request({ kind: 'Erc20', contract, to: BOB, amount: '301' }))).toContain(
    'holds 300 of the token',
  );
  expect(await wallet.fail(wallet.request({ kind: 'Erc20', contract: BOB, to: BOB, amount: '1' }))).toContain(
    'no token contract',
  );
});

test('a wallet without funds is told what is missing, and funds promised to others count as gone', async () => {
  const wallet = await aWallet(ETHER);
  expect(await wallet.fail(wallet.request(native(2n * ETHER)))).toContain(
    'for good: The wallet holds 1000000000000000000',
  );
  await wallet.prepare(wallet.request(native((ETHER * 6n) / 10n)));
  expect(await wallet.fail(wallet.request(native((ETHER * 6n) / 10n)))).toMatch(/^for now: .*promised/);
});

test('a call that would revert is refused for good, unless a request before it may change that', async () => {
  const wallet = await aWallet();
  // PUSH0 PUSH0 REVERT: a contract that takes nothing.
  const contract = '0x00000000000000000000000000000000000c0de1';
  await chainProcess.rpc('anvil_setCode', contract, '0x5f5ffd');
  const call = () => wallet.request({ kind: 'Evm', to: contract, data: '0x01' }, {}, 'Transaction');
  expect(await wallet.fail(call())).toMatch(/^for good: .*would fail/);
  await wallet.prepare(wallet.request(native(1n)));
  expect(await wallet.fail(call())).toMatch(/^for now: .*would fail/);
});

test('a network that can not be asked is no refusal', async () => {
  const wallet = await aWallet();
  const contract = '0x00000000000000000000000000000000000c0de2';
  const token = wallet.request({ kind: 'Erc20', contract, to: BOB, amount: '1' });
  const broken = { ...chain, tokenBalance: () => Promise.reject(new Error('no answer')) };
  await expect(wallet.attempt(token, broken)).rejects.toThrow('no answer');
  const dead = broadcastChains(evmClients({ [NETWORK]: 'http://127.0.0.1:9' }))(NETWORK);
  await expect(dead?.tokenBalance(contract, wallet.address)).rejects.toThrow();
  await expect(dead?.estimateGas({ from: wallet.address, to: BOB, value: 1n, data: '0x' })).rejects.toThrow();
});

test('a chosen nonce that is used is refused for good, one that another request holds for now', async () => {
  const wallet = await aWallet();
  const withNonce = (nonce: string) => wallet.request({ kind: 'Evm', to: BOB, value: '1', nonce }, {}, 'Transaction');
  await wallet.prepare(wallet.request(native(1n)));
  expect(await wallet.fail(withNonce('0'))).toMatch(/^for now: Nonce 0 is held/);
  await chainProcess.rpc('anvil_setNonce', wallet.address, '0x5');
  expect(await wallet.fail(withNonce('4'))).toMatch(/^for good: Nonce 4 is used/);
});

test('a fee limit far below the base fee is refused; one a little below is signed, says that it waits, and can be cancelled', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  await chainProcess.rpc('anvil_setNextBlockBaseFeePerGas', '0x4a817c800');
  await chainProcess.rpc('anvil_mine', '0x1');
  const { baseFeePerGas } = await chain.fees();
  const paying = (maxFeePerGas: bigint) =>
    wallet.request({ kind: 'Eip1559', to: BOB, value: '1', maxFeePerGas: String(maxFeePerGas) }, {}, 'Transaction');
  expect(await wallet.fail(paying(baseFeePerGas / 2n - 1n))).toMatch(/^for good: .*asks for/);

  const activity = paying((baseFeePerGas * 6n) / 10n);
  const attempt = await wallet.release(activity);
  expect(await wallet.tick(attempt)).toEqual({ isOver: false });
  expect(wallet.waits).toContainEqual({ activityId: activity.id, code: 'broadcast.underpriced' });
  const cancel = cancelOf(wallet, activity);
  const cancelling = await wallet.release(cancel);
  expect(cancelling.nonce).toBe(attempt.nonce);
  await wallet.tick(cancelling);
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(cancelling, () => wallet.newsOf(cancel).includes('Finalized'));
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Cancelled'));
});

test('nonces are given away without gaps, kept on a retry, and given back when a request ends unsigned', async () => {
  const wallet = await aWallet();
  const [a, b, c] = [wallet.request(native(1n)), wallet.request(native(2n)), wallet.request(native(3n))];
  const prepared = await Promise.all([a, b, c].map((activity) => wallet.prepare(activity)));
  const nonces = prepared.map(({ pin }) => ('digest' in pin ? '' : pin.nonce));
  expect(nonces.toSorted()).toEqual(['0', '1', '2']);
  expect(await wallet.prepare(b)).toEqual(prepared[1]);
  wallet.activities.set(a.id, { ...a, status: 'Abandoned' });
  const next = await wallet.prepare(wallet.request(native(4n)));
  expect(next.pin).toMatchObject({ nonce: nonces[0] });
});

test('a transaction the mempool lost is offered again with the same hash', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  const activity = wallet.request(native(1n));
  const attempt = await wallet.release(activity);
  await wallet.tick(attempt);
  await chainProcess.rpc('anvil_dropTransaction', attempt.hash);
  expect(await chainProcess.rpc('eth_getTransactionByHash', attempt.hash)).toBeNull();
  await wallet.tick(attempt);
  expect(await chainProcess.rpc('eth_getTransactionByHash', attempt.hash)).not.toBeNull();
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Confirmed'));
  expect(wallet.newsOf(activity).filter((news) => news === 'Broadcasted')).toHaveLength(1);
});

test('a reorganisation after the confirmation is told, and the transaction is confirmed again', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  await chainProcess.rpc('anvil_mine', '0x3');
  const activity = wallet.request(native(1n));
  const attempt = await wallet.release(activity);
  await wallet.tick(attempt);
  await chainProcess.rpc('anvil_mine', '0x1');
  await wallet.tick(attempt);
  expect(wallet.newsOf(activity)).toEqual(['Broadcasted', 'Confirmed']);
  await chainProcess.rpc('anvil_reorg', 1, []);
  await wallet.tick(attempt);
  expect(wallet.newsOf(activity)).toEqual(['Broadcasted', 'Confirmed', 'Reorged']);
  await chainProcess.rpc('anvil_mine', '0x1');
  await wallet.tick(attempt);
  expect(wallet.newsOf(activity)).toEqual(['Broadcasted', 'Confirmed', 'Reorged', 'Confirmed']);
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Finalized'));
});

test('a cancel takes the nonce with a higher bid, and the request it cancels fails when that is final', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  const activity = wallet.request(native(ETHER));
  const attempt = await wallet.release(activity);
  await wallet.tick(attempt);
  const cancel = cancelOf(wallet, activity);
  const cancelling = await wallet.release(cancel);
  expect(cancelling.nonce).toBe(attempt.nonce);
  const [before, after] = [chain.bidOf(attempt.unsigned), chain.bidOf(cancelling.unsigned)];
  expect((after?.maxFeePerGas ?? 0n) * 10n).toBeGreaterThanOrEqual((before?.maxFeePerGas ?? 0n) * 11n);
  await wallet.tick(cancelling);
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(cancelling, () => wallet.newsOf(cancel).includes('Finalized'));
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Cancelled'));
  expect(wallet.told.filter(({ status }) => status === 'Failed')).toMatchObject([
    { activityId: activity.id, reason: expect.stringContaining(cancelling.hash ?? '-') },
  ]);
});

test('a speed-up is mined in place of a stuck transaction, which fails and names it', async () => {
  const recipient = '0x00000000000000000000000000000000000b0b77';
  // The money for one of the two is enough: only one is ever mined.
  const wallet = await aWallet(ETHER + ETHER / 2n);
  await chainProcess.rpc('evm_setIntervalMining', 0);
  const activity = wallet.request(native(ETHER, recipient));
  const attempt = await wallet.release(activity);
  await wallet.tick(attempt);
  const faster = speedUpOf(wallet, activity);
  const replacing = await wallet.release(faster);
  expect(replacing).toMatchObject({ nonce: attempt.nonce, kind: 'speedUp' });
  const again = await wallet.prepare(faster);
  expect(again.unsigned).toBe(replacing.unsigned);
  const [before, after] = [chain.bidOf(attempt.unsigned), chain.bidOf(replacing.unsigned)];
  if (!before || !after) throw new Error('No bids.');
  expect(after.maxFeePerGas * 10n).toBeGreaterThanOrEqual(before.maxFeePerGas * 11n);
  expect(after.maxPriorityFeePerGas * 10n).toBeGreaterThanOrEqual(before.maxPriorityFeePerGas * 11n);
  expect(chain.reprice(replacing.unsigned, before)).toBe(attempt.unsigned);
  await wallet.tick(replacing);
  await wallet.tick(attempt);
  expect(wallet.waits).toEqual([]);
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(replacing, () => wallet.newsOf(faster).includes('Finalized'));
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Replaced'));
  expect(wallet.told.filter(({ status }) => status === 'Failed')).toMatchObject([
    { activityId: activity.id, reason: expect.stringContaining(replacing.hash ?? '-') },
  ]);
  expect(await chain.balance(recipient)).toBe(ETHER);
});

test('a speed-up fails when the transaction it was to replace is mined after all', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  const activity = wallet.request(native(ETHER));
  const attempt = await wallet.release(activity);
  await wallet.tick(attempt);
  const faster = speedUpOf(wallet, activity);
  const late = speedUpOf(wallet, activity);
  const replacing = await wallet.release(faster);
  await chainProcess.rpc('evm_setIntervalMining', 1);
  await wallet.follow(attempt, () => wallet.newsOf(activity).includes('Finalized'));
  await wallet.follow(replacing, () => wallet.newsOf(faster).includes('Replaced'));
  expect(wallet.told.filter(({ status }) => status === 'Failed')).toMatchObject([
    { activityId: faster.id, reason: expect.stringContaining(attempt.hash ?? '-') },
  ]);
  expect(await wallet.fail(late)).toContain('for good: Nonce');
});

test('a speed-up that the approved ceiling has no room for is not signed', async () => {
  const wallet = await aWallet();
  await chainProcess.rpc('evm_setIntervalMining', 0);
  const activity = wallet.request(native(ETHER));
  const attempt = await wallet.release(activity);
  const faster = speedUpOf(wallet, activity);
  const bid = chain.bidOf(attempt.unsigned);
  const refusedBy = async (over: Partial<BroadcastChain>) => {
    const tried = await wallet.attempt(faster, { ...chain, ...over });
    return tried.ok ? 'prepared' : `${tried.isFinal ? 'for good' : 'for now'}: ${tried.refusal.code}`;
  };
  const limits = { gas: 60_000n, maxFeePerGas: bid?.maxFeePerGas ?? 0n, maxPriorityFeePerGas: bid?.maxFeePerGas ?? 0n };
  expect(await refusedBy({ limits: () => limits })).toBe('for good: speed_up.above_ceiling');
  const dear = { ...(await chain.fees()), baseFeePerGas: 300n * 10n ** 9n };
  expect(await refusedBy({ fees: async () => dear })).toBe('for good: speed_up.above_ceiling');
  expect(await refusedBy({ balance: async () => ETHER })).toBe('for now: broadcast.insufficient_funds');
  expect(await refusedBy({})).toBe('prepared');
});

test('signed bytes are stored once and survive a second delivery of the signature', async () => {
  const wallet = await aWallet();
  const activity = wallet.request(native(1n));
  const attempt = await wallet.release(activity);
  expect(attempt).toMatchObject({ state: 'signed', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
  expect((await wallet.release(activity)).id).toBe(attempt.id);
  const { rows } = await pool.query(
    "SELECT payload FROM jobs WHERE name = 'broadcast' AND payload->>'attemptId' = $1",
    [attempt.id],
  );
  expect(rows).toHaveLength(1);
});
