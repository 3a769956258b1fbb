import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildUnsigned } from '@/lib/chain/evm/build';
import { composeLedger, type Ledger } from '@/lib/compose/ledger';
import { createDb, type Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import type { Json } from '@/lib/domain/canonical-json';
import { canonicalBytes } from '@/lib/domain/canonical-json';
import { abandonHash, type Checkpoint, checkpointHash } from '@/lib/evidence/checkpoint';
import { contextFor } from '@/lib/ledger/context';
import type { Effects, EntryKind, NodeSignature } from '@/lib/ledger/entry';
import { intentOfActivity } from '@/lib/ledger/intent';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { type DealtKey, dealKey } from '@/lib/ledger/testing/nodes';
import { testOracle } from '@/lib/ledger/testing/oracle';
import { ALWAYS, BLOCK, countLimit } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import type { Params, Signer } from '@/lib/ledger/testing/requests';
import { type Placed, signRequest } from '@/lib/ledger/testing/requests';
import { BOB } from '@/lib/ledger/testing/signing';
import { createWorld } from '@/lib/ledger/testing/world';

/** Keys and genesis come from the world in memory; the ledger is the real one on PostgreSQL. */
const oracle = testOracle();
const world = createWorld({ oracleKeys: [oracle.publicKey] });
const { orgId, admin, nodes } = world;
const keys = new Map<string, DealtKey>();
let database: TestDatabase;
let db: Db;
let composed: Ledger;

/** The chained ledger as a node sees it: what statements are made from. */
const replayed = async (): Promise<Replica> => {
  while ((await sequenceOnce(db)) > 0);
  const replica = emptyReplica(orgId);
  for (const item of await composed.ledger.feed(orgId, 0, 100_000))
    extendReplica(replica, item.bytes, item.body, TEST_PORTS);
  return replica;
};
const sign = (
  replica: Replica,
  operationId: string,
  params: Params,
  body: Json | undefined,
  signer: Signer = admin,
): Placed =>
  signRequest({
    state: replica.state,
    signer,
    operationId,
    params,
    ...(body === undefined ? {} : { body }),
    at: Date.now(),
    random: world.random,
  });
const send = ({ leaf, body }: Placed, operationId: string, query: Params = {}) => {
  if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
  return composed.ledger.submit({
    orgId,
    operationId,
    statement: leaf.statement,
    assertion: leaf.assertion,
    body,
    query,
  });
};
const submit = async (operationId: string, params: Params, body?: Json, signer?: Signer) =>
  send(sign(await replayed(), operationId, params, body, signer), operationId);
const idOf = async (result: ReturnType<typeof submit>): Promise<string> => {
  const outcome = await result;
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value.result.id;
};
const append = async (
  kind: EntryKind,
  body: Json,
  more: { effects?: Effects; nodeSignatures?: readonly NodeSignature[] } = {},
) => composed.ledger.append({ orgId, kind, body, ...more });
const newWallet = async (): Promise<string> => {
  const walletId = await idOf(submit('wallets.createWallet', {}, { network: 'EthereumSepolia' }));
  const keyId = (await replayed()).state.tables.wallet.get(walletId)?.keyId ?? '';
  const key = dealKey(keyId, world.genesis.k, nodes, 'database');
  keys.set(walletId, key);
  expect(await append('keyCertificate', { keyId, certificate: key.certificate as unknown as Json })).toMatchObject({
    ok: true,
  });
  return walletId;
};
const checkpoint = async () => {
  while ((await sequenceOnce(db)) > 0);
  const head = await composed.ledger.head(orgId);
  const body: Checkpoint = { orgId, seq: head?.seq ?? 0, root: head?.root ?? '', at: Date.now() };
  const { orgId: _org, ...rest } = body;
  return composed.ledger.append({
    orgId,
    kind: 'checkpoint',
    body: rest,
    nodeSignatures: world.signatures(checkpointHash(body), [1, 2, 4]),
  });
};
const transfer = { kind: 'Native', to: BOB, amount: '5' };
const unequal = async () => {
  while ((await sequenceOnce(db)) > 0);
  return compareReplayWithDatabase(db, orgId);
};

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, maxConnections: 20 });
  composed = composeLedger(db, { price: async ({ network }) => oracle.price(network, Date.now()) });
  expect(
    await composed.ledger.append({ orgId, kind: 'genesis', body: world.genesis as unknown as Json }),
  ).toMatchObject({ ok: true });
});
afterAll(async () => {
  await composed.close();
  await db.close();
  await database.drop();
});

test('the genesis of another organisation is not taken', async () => {
  const outcome = await composed.ledger.append({
    orgId: 'or-00000-00000-00000000000000',
    kind: 'genesis',
    body: world.genesis as unknown as Json,
  });
  expect(outcome).toMatchObject({ ok: false });
});

test('one statement sent many times at once counts once', async () => {
  const request = sign(
    await replayed(),
    'permissions.createPermission',
    {},
    { name: 'once', operations: ['Wallets:Read'] },
  );
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => send(request, 'permissions.createPermission')));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  const codes = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));
  expect(new Set(codes)).toEqual(new Set(['authentication.user_action_used']));
});

test('requests with one externalId, sent at once, make one activity and one answer', async () => {
  const walletId = await newWallet();
  const replica = await replayed();
  const body = { ...transfer, externalId: 'order-1' };
  const requests = Array.from({ length: 6 }, () => sign(replica, 'wallets.transferAsset', { walletId }, body));
  const outcomes = await Promise.all(requests.map((request) => send(request, 'wallets.transferAsset')));
  const ids = outcomes.map((outcome) => (outcome.ok ? outcome.value.result.id : JSON.stringify(outcome.refusal)));
  expect(new Set(ids).size).toBe(1);
  expect(await submit('wallets.transferAsset', { walletId }, { ...body, amount: '6' })).toMatchObject({
    refusal: { status: 409 },
  });
});

test('one externalId on two wallets at once makes one activity and a conflict', async () => {
  const wallets = [await newWallet(), await newWallet()];
  const replica = await replayed();
  const requests = wallets.map((walletId) =>
    sign(replica, 'wallets.transferAsset', { walletId }, { ...transfer, externalId: 'order-2' }),
  );
  const outcomes = await Promise.all(requests.map((request) => send(request, 'wallets.transferAsset')));
  expect(outcomes.map((outcome) => (outcome.ok ? 200 : outcome.refusal.status)).toSorted()).toEqual([200, 409]);
});

test('a repeat by somebody without the permission is refused', async () => {
  const walletId = await newWallet();
  const body = { ...transfer, externalId: 'order-3' };
  await idOf(submit('wallets.transferAsset', { walletId }, body));
  const userId = await idOf(submit('auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' }));
  const person: Signer = { userId, credential: admin.credential };
  expect(await submit('wallets.transferAsset', { walletId }, body, person)).toMatchObject({ ok: false });
});

test('of 50 transfers at once under a limit of 10, exactly 10 pass', async () => {
  const walletId = await newWallet();
  const policyId = await idOf(
    submit(
      'policies.createPolicy',
      {},
      {
        name: 'ten',
        activityKind: 'Wallets:Sign',
        rule: countLimit(10),
        action: BLOCK,
        filters: { walletId: { in: [walletId] } },
      },
    ),
  );
  const replica = await replayed();
  const requests = Array.from({ length: 50 }, () => sign(replica, 'wallets.transferAsset', { walletId }, transfer));
  const outcomes = await Promise.all(requests.map((request) => send(request, 'wallets.transferAsset')));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(10);
  expect(outcomes.filter((outcome) => !outcome.ok && outcome.refusal.code === 'policy.blocked')).toHaveLength(40);
  await idOf(submit('policies.archivePolicy', { policyId }));
});

test('of 40 transfers at once worth 300 dollars each, a daily limit of 3000 lets exactly 10 pass', async () => {
  const walletId = await newWallet();
  const rule = { kind: 'TransactionAmountVelocity', configuration: { limit: 3000, currency: 'USD', timeframe: 1440 } };
  const filters = { walletId: { in: [walletId] } };
  const body = { name: 'daily', activityKind: 'Wallets:Sign', rule, action: BLOCK, filters };
  const policyId = await idOf(submit('policies.createPolicy', {}, body));
  const replica = await replayed();
  const tenth = { ...transfer, amount: '100000000000000000' };
  const requests = Array.from({ length: 40 }, () => sign(replica, 'wallets.transferAsset', { walletId }, tenth));
  const outcomes = await Promise.all(requests.map((request) => send(request, 'wallets.transferAsset')));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(10);
  const reasons = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.message]));
  expect(new Set(reasons)).toEqual(
    new Set(['Blocked by “daily”: Cumulative transfer amount (USD 3300) is above limit (USD 3000).']),
  );
  await idOf(submit('policies.archivePolicy', { policyId }));
});

test('while groups are decided and connections break, each wallet’s limit holds and what was answered stands', async () => {
  const walletIds = [await newWallet(), await newWallet(), await newWallet()];
  const filters = { walletId: { in: walletIds } };
  const body = { name: 'ten each', activityKind: 'Wallets:Sign', rule: countLimit(10), action: BLOCK, filters };
  const policyId = await idOf(submit('policies.createPolicy', {}, body));
  const replica = await replayed();
  const sendAll = (each: number) =>
    Promise.allSettled(
      Array.from({ length: each }).flatMap(() =>
        walletIds.map((walletId) =>
          send(sign(replica, 'wallets.transferAsset', { walletId }, transfer), 'wallets.transferAsset'),
        ),
      ),
    );
  const breaker = createDb({ url: database.url, maxConnections: 1 });
  await breaker.pool.query('SELECT 1');
  const all = sendAll(24);
  let isOver = false;
  void all.then(() => {
    isOver = true;
  });
  let broken = 0;
  while (broken < 3 && !isOver) {
    const { rows } = await breaker.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    if (rows.length > 0) broken += 1;
  }
  await breaker.close();
  const outcomes = [...(await all), ...(await sendAll(12))];
  // Or the test would show nothing.
  expect(broken).toBeGreaterThan(0);
  const told = outcomes.flatMap((one) =>
    one.status === 'fulfilled' && one.value.ok ? [one.value.value.result.id] : [],
  );
  const { rows } = await db.pool.query<{ id: string; wallet: string }>(
    `SELECT id, record->>'walletId' AS wallet FROM ledger_records
     WHERE org_id = $1 AND kind = 'activity' AND record->>'walletId' = ANY ($2) AND record->>'status' <> 'Rejected'`,
    [orgId, walletIds],
  );
  expect(walletIds.map((walletId) => rows.filter(({ wallet }) => wallet === walletId).length)).toEqual([10, 10, 10]);
  expect(told.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  await idOf(submit('policies.archivePolicy', { policyId }));
});

test('a checkpoint over a root that is not the chain’s is refused', async () => {
  while ((await sequenceOnce(db)) > 0);
  const body: Checkpoint = { orgId, seq: 1_000_000, root: 'aa'.repeat(32), at: Date.now() };
  const { orgId: _org, ...rest } = body;
  const outcome = await composed.ledger.append({
    orgId,
    kind: 'checkpoint',
    body: rest,
    nodeSignatures: world.signatures(checkpointHash(body), [1, 2, 4]),
  });
  expect(outcome).toMatchObject({ refusal: { code: 'checkpoint.root' } });
});

test('approval, reserve, release and checkpoint leave the same state in the database as in replay', async () => {
  expect(await checkpoint()).toMatchObject({ ok: true });
  const walletId = await newWallet();
  const { userId } = admin;
  const group = { quorum: 1, approvers: { userId: { in: [userId] } }, initiatorCanApprove: true };
  await idOf(
    submit(
      'policies.createPolicy',
      {},
      {
        name: 'ask',
        activityKind: 'Wallets:Sign',
        rule: ALWAYS,
        filters: { walletId: { in: [walletId] } },
        action: { kind: 'RequestApproval', approvalGroups: [group], autoRejectTimeout: 30 },
      },
    ),
  );
  const activityId = await idOf(submit('wallets.transferAsset', { walletId }, transfer));
  const approvalId = (await replayed()).state.tables.activity.get(activityId)?.approvalId ?? '';
  expect(await submit('policies.createApprovalDecision', { approvalId }, { value: 'Approved' })).toMatchObject({
    ok: true,
  });
  expect(await append('expiry', { approvalId })).toMatchObject({ ok: false });
  expect(await checkpoint()).toMatchObject({ ok: true });
  await idOf(submit('x.freeze', {}, { walletId }));
  expect(await submit('wallets.transferAsset', { walletId }, transfer)).toMatchObject({
    refusal: { code: 'freeze.wallet' },
  });
  await idOf(submit('x.unfreeze', {}, { walletId }));
  await idOf(submit('wallets.updateWallet', { walletId }, { name: 'till' }));
  await idOf(submit('wallets.updateWallet', { walletId }, { name: null }));
  expect(await unequal()).toEqual([]);
});

/** Reserves an activity at a nonce as the broadcaster would. */
const reserve = async (activityId: string, nonce: number, feeGwei = 20n) => {
  const { state } = await replayed();
  const activity = state.tables.activity.get(activityId);
  const wallet = state.tables.wallet.get(activity?.walletId ?? '');
  const rules = TEST_PORTS.chainRules(wallet?.network ?? '');
  if (!activity || !wallet || !rules) throw new Error('Nothing to reserve.');
  const intent = intentOfActivity(activity, wallet);
  const gwei = 1_000_000_000n;
  const built = buildUnsigned(intent, {
    nonce,
    gasLimit: 50_000n,
    maxFeePerGas: feeGwei * gwei,
    maxPriorityFeePerGas: (feeGwei * gwei) / 20n,
  });
  if (!built.ok) throw new Error(built.refusal.message);
  const pin = activity.cancels
    ? state.tables.activity.get(activity.cancels)?.pin
    : { chain: 'eip155:11155111', sender: (wallet.address ?? '').toLowerCase(), nonce: String(nonce) };
  const checked =
    pin && activity.cancels ? rules.checkCancel(intent, pin, built.value) : rules.checkUnsigned(intent, built.value);
  if (!checked.ok) throw new Error(checked.refusal.message);
  const { digest } = checked.value;
  return {
    digest,
    outcome: await append('reserve', {
      activityId,
      unsigned: built.value,
      digest,
      pin: pin as unknown as Json,
      attempt: 0,
    }),
  };
};
const promise = (activityId: string) => ({
  nodeSignatures: world.signatures(abandonHash(orgId, activityId), [1, 2, 3]),
});

test('a speed-up leaves the same state in the database as in replay, judged in the windows of what it repeats', async () => {
  const walletId = await newWallet();
  const filters = { walletId: { in: [walletId] } };
  const count = { name: 'count', activityKind: 'Wallets:Sign', rule: countLimit(2), action: BLOCK, filters };
  await idOf(submit('policies.createPolicy', {}, count));
  const ids = [
    await idOf(submit('wallets.transferAsset', { walletId }, transfer)),
    await idOf(submit('wallets.transferAsset', { walletId }, transfer)),
  ];
  const [, id = ''] = ids;
  const { digest } = await reserve(id, 0);
  const signature = keys.get(walletId)?.sign(digest) as unknown as Json;
  expect(await append('release', { activityId: id, digest, signature })).toMatchObject({ ok: true });
  expect(await submit('wallets.speedUpTransfer', { walletId, transferId: id }, {})).toMatchObject({
    refusal: { code: 'speed_up.status' },
  });
  expect(await append('broadcast', { activityId: id, status: 'Broadcasted', txHash: '0x02' })).toMatchObject({
    ok: true,
  });
  const faster = await idOf(submit('wallets.speedUpTransfer', { walletId, transferId: id }, {}));
  expect((await reserve(faster, 0, 21n)).outcome).toMatchObject({ refusal: { code: 'chain.underbid' } });
  const reserved = await reserve(faster, 0, 22n);
  expect(reserved.outcome).toMatchObject({ ok: true });
  const again = keys.get(walletId)?.sign(reserved.digest) as unknown as Json;
  expect(await append('release', { activityId: faster, digest: reserved.digest, signature: again })).toMatchObject({
    ok: true,
  });
  expect(await append('broadcast', { activityId: faster, status: 'Broadcasted', txHash: '0x03' })).toMatchObject({
    ok: true,
  });
  const faster2 = await idOf(submit('wallets.speedUpTransaction', { walletId, transactionId: faster }, {}));
  expect((await reserve(faster2, 0, 25n)).outcome).toMatchObject({ ok: true });
  const cancel = await idOf(submit('wallets.cancelTransaction', { walletId, transactionId: faster2 }, {}));
  expect((await reserve(cancel, 0)).outcome).toMatchObject({ ok: true });
  expect(await unequal()).toEqual([]);
});

test('reserve, release, abandon, cancel, reopen and reject leave the same state in the database as in replay', async () => {
  const walletId = await newWallet();
  const policyId = await idOf(
    submit(
      'policies.createPolicy',
      {},
      {
        name: 'count',
        activityKind: 'Wallets:Sign',
        rule: countLimit(20),
        action: BLOCK,
        filters: { walletId: { in: [walletId] } },
      },
    ),
  );
  const [a, b, c, d] = [
    await idOf(submit('wallets.transferAsset', { walletId }, transfer)),
    await idOf(submit('wallets.transferAsset', { walletId }, transfer)),
    await idOf(submit('wallets.broadcastTransaction', { walletId }, { kind: 'Evm', to: BOB, value: '1' })),
    await idOf(submit('wallets.transferAsset', { walletId }, transfer)),
  ];
  const first = await reserve(a, 0);
  expect(first.outcome).toMatchObject({ ok: true });
  expect((await reserve(b, 0)).outcome).toMatchObject({ refusal: { code: 'reserve.pin_held' } });
  const signature = keys.get(walletId)?.sign(first.digest) as unknown as Json;
  expect(await append('release', { activityId: a, digest: first.digest, signature })).toMatchObject({ ok: true });
  expect(await append('release', { activityId: a, digest: first.digest, signature })).toMatchObject({
    refusal: { code: 'release.repeated' },
  });
  expect(await append('broadcast', { activityId: a, status: 'Broadcasted', txHash: '0x01' })).toMatchObject({
    ok: true,
  });
  expect(await checkpoint()).toMatchObject({ ok: true });
  expect((await reserve(b, 1)).outcome).toMatchObject({ ok: true });
  expect(await append('abandon', { activityId: b }, promise(b))).toMatchObject({ ok: true });
  expect((await reserve(c, 2)).outcome).toMatchObject({ ok: true });
  const cancel = await idOf(submit('wallets.cancelTransaction', { walletId, transactionId: c }, {}));
  expect((await reserve(cancel, 2)).outcome).toMatchObject({ ok: true });
  expect(await append('abandon', { activityId: c }, promise(c))).toMatchObject({
    refusal: { code: 'abandon.superseded' },
  });
  expect(await append('abandon', { activityId: cancel }, promise(cancel))).toMatchObject({ ok: true });
  const gap = await idOf(submit('wallets.cancelTransfer', { walletId, transferId: b }, {}));
  expect((await reserve(gap, 1)).outcome).toMatchObject({ ok: true });
  const ask = {
    kind: 'RequestApproval',
    approvalGroups: [{ quorum: 1, approvers: {}, initiatorCanApprove: true }],
    autoRejectTimeout: 5,
  };
  const asking = await idOf(
    submit(
      'policies.createPolicy',
      {},
      {
        name: 'ask',
        activityKind: 'Wallets:Sign',
        rule: ALWAYS,
        action: ask,
        filters: { walletId: { in: [walletId] } },
      },
    ),
  );
  expect(await append('reopen', { activityId: d }, { effects: { approvalId: world.id('approval') } })).toMatchObject({
    ok: true,
  });
  const approvalId = (await replayed()).state.tables.activity.get(d)?.approvalId ?? '';
  expect(await submit('policies.createApprovalDecision', { approvalId }, { value: 'Approved' })).toMatchObject({
    ok: true,
  });
  const block = {
    name: 'stop',
    activityKind: 'Wallets:Sign',
    rule: ALWAYS,
    action: BLOCK,
    filters: { walletId: { in: [walletId] } },
  };
  const blocking = await idOf(submit('policies.createPolicy', {}, block));
  expect(await append('reject', { activityId: d })).toMatchObject({ ok: true });
  for (const id of [policyId, asking, blocking]) await idOf(submit('policies.archivePolicy', { policyId: id }));
  expect(await checkpoint()).toMatchObject({ ok: true });
  expect(await unequal()).toEqual([]);
});

test('text that PostgreSQL cannot hold is refused, not an error', async () => {
  const walletId = await newWallet();
  const outcome = submit('wallets.transferAsset', { walletId }, { ...transfer, externalId: 'a\u0000b' });
  await expect(outcome).resolves.toMatchObject({ ok: false });
});

test('the context offered for signing is the one replay demands', async () => {
  const walletId = await newWallet();
  const offered = await composed.ledger.context({
    orgId,
    userId: admin.userId,
    method: 'POST',
    path: `/wallets/${walletId}/transfers`,
    body: canonicalBytes(transfer),
  });
  const due = contextFor((await replayed()).state, {
    operationId: 'wallets.transferAsset',
    params: { walletId },
    body: transfer,
    userId: '',
  });
  expect(due).toEqual({ ok: true, value: offered });
});

test('at the end every record in the database is what replay computes', async () => {
  expect(await checkpoint()).toMatchObject({ ok: true });
  expect(await unequal()).toEqual([]);
});
