import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { createDb, type Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import type { Json } from '@/lib/domain/canonical-json';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { ALWAYS, BLOCK, countLimit } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Params, type Signer, signRequest } from '@/lib/ledger/testing/requests';
import { BOB } from '@/lib/ledger/testing/signing';
import { createWorld } from '@/lib/ledger/testing/world';
import { composeLedger, type Ledger } from './ledger';
import { type RaceAnswer, type RaceTask, startRacers } from './testing/race';

/**
 * The races of the abuse tests (22 to 30) among four API processes over one database. Each ends exactly as the rules say, and what the
 * database holds is what replay makes of the ledger.
 */
const PROCESSES = 4;
const world = createWorld({ seed: 'races', start: Date.now() });
const { orgId, admin } = world;
const replica: Replica = emptyReplica(orgId);
let database: TestDatabase;
let db: Db;
let composed: Ledger;
let racers: ReturnType<typeof startRacers>;

const catchUp = async (): Promise<Replica> => {
  while ((await sequenceOnce(db)) > 0);
  for (const item of await composed.ledger.feed(orgId, (replica.head?.seq ?? -1) + 1, 100_000))
    extendReplica(replica, item.bytes, item.body, TEST_PORTS);
  return replica;
};
const signed = (
  operationId: string,
  params: Params,
  body: Json,
  signer: Signer = admin,
  name = operationId,
): RaceTask => {
  const { leaf, body: bytes } = signRequest({
    state: replica.state,
    signer,
    operationId,
    params,
    body,
    at: Date.now(),
    random: world.random,
  });
  if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
  const { statement, assertion } = leaf;
  return { name, kind: 'submit', operationId, statement, assertion, body: Buffer.from(bytes).toString('base64') };
};
const done = async (operationId: string, params: Params, body: Json, signer?: Signer): Promise<string> => {
  await catchUp();
  const [answer] = await racers.race([signed(operationId, params, body, signer)]);
  if (answer?.code !== 'ok') throw new Error(`${operationId}: ${answer?.code}`);
  return answer.id ?? '';
};
const newWallet = async (): Promise<string> => {
  const walletId = await done('wallets.createWallet', {}, { network: 'EthereumSepolia' });
  const keyId = (await catchUp()).state.tables.wallet.get(walletId)?.keyId ?? '';
  const { certificate } = dealKey(keyId, world.genesis.k, world.nodes, 'races');
  await composed.ledger.append({
    orgId,
    kind: 'keyCertificate',
    body: { keyId, certificate: certificate as unknown as Json },
  });
  await catchUp();
  return walletId;
};
const policy = (name: string, rule: Json, action: Json, walletIds: readonly string[]) =>
  done(
    'policies.createPolicy',
    {},
    {
      name,
      activityKind: 'Wallets:Sign',
      rule,
      action,
      filters: { walletId: { in: [...walletIds] } },
    },
  );
/** A person who may approve, registered through the ledger. */
const approver = async (): Promise<Signer> => {
  const credential = softwareKey('P-256');
  const userId = await done('auth.createUser', {}, { email: 'someone@wallets.test', kind: 'CustomerEmployee' });
  const credentialId = world.id('credential');
  await composed.ledger.append({
    orgId,
    kind: 'registration',
    body: { firstFactorCredential: credential.attest('registration') as unknown as Json },
    effects: { userId, challenge: 'registration', credentials: [{ id: credentialId, name: 'Key' }] },
  });
  const name = `approvers ${userId}`;
  const permissionId = await done(
    'permissions.createPermission',
    {},
    { name, operations: ['Policies:Approvals:Approve'] },
  );
  await done('permissions.createAssignment', { permissionId }, { identityId: userId });
  return { userId, credential };
};

const count = (answers: readonly RaceAnswer[], code: string): number =>
  answers.filter((one) => one.code === code).length;
const transfer = { kind: 'Native', to: BOB, amount: '5' };
const transfers = (walletId: string, many: number, more: { [name: string]: Json } = {}): RaceTask[] =>
  Array.from({ length: many }, () =>
    signed('wallets.transferAsset', { walletId }, { ...transfer, ...more }, admin, walletId),
  );

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, maxConnections: 4 });
  composed = composeLedger(db);
  await composed.ledger.append({ orgId, kind: 'genesis', body: world.genesis as unknown as Json });
  racers = startRacers(database.url, orgId, PROCESSES);
});
afterAll(async () => {
  await racers.stop();
  await composed.close();
  await db.close();
  await database.drop();
});

test('of 50 transfers in four processes under a limit of 10, exactly 10 pass', async () => {
  const walletId = await newWallet();
  await policy('ten', countLimit(10), BLOCK, [walletId]);
  await catchUp();
  const answers = await racers.race(transfers(walletId, 50));
  expect([count(answers, 'ok'), count(answers, 'policy.blocked')]).toEqual([10, 40]);
});

test('two limits that overlap are each kept exactly, and wallets don’t take from each other', async () => {
  const [a, b] = [await newWallet(), await newWallet()];
  await policy('seven each', countLimit(7), BLOCK, [a, b]);
  await policy('four of the one', countLimit(4, 1440), BLOCK, [a]);
  await catchUp();
  const answers = await racers.race([...transfers(a, 20), ...transfers(b, 20)]);
  const passed = (walletId: string) =>
    count(
      answers.filter((one) => one.name === walletId),
      'ok',
    );
  expect([passed(a), passed(b)]).toEqual([4, 7]);
});

test('50 requests with one externalId make one activity', async () => {
  const walletId = await newWallet();
  const answers = await racers.race(transfers(walletId, 50, { externalId: 'race-1' }));
  expect(count(answers, 'ok')).toBe(50);
  expect(new Set(answers.map((one) => one.id)).size).toBe(1);
});

const ROUNDS = 25;
test('approvals and denials at once leave one final state, and nobody decides twice', async () => {
  const walletId = await newWallet();
  const people: Signer[] = [];
  for (let at = 0; at < 3; at += 1) people.push(await approver());
  const group = { quorum: 2, approvers: { userId: { in: people.map((one) => one.userId) } } };
  await policy('two of three', ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] }, [walletId]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const activityId = await done('wallets.transferAsset', { walletId }, transfer);
    const approvalId = (await catchUp()).state.tables.activity.get(activityId)?.approvalId ?? '';
    const votes = people.flatMap((one, at) => {
      const vote = (value: string) =>
        signed('policies.createApprovalDecision', { approvalId }, { value }, one, `${one.userId} ${value}`);
      return at === 2 && round % 2 === 1 ? [vote('Denied'), vote('Denied')] : [vote('Approved'), vote('Approved')];
    });
    const answers = await racers.race(votes);
    const { state } = await catchUp();
    const approval = state.tables.approval.get(approvalId);
    const activity = state.tables.activity.get(activityId);
    const counted = answers.filter((one) => one.code === 'ok').map((one) => one.name);
    expect(new Set(counted.map((name) => name.split(' ')[0])).size).toBe(counted.length);
    const isDenied = counted.some((name) => name.endsWith('Denied'));
    expect([approval?.status, activity?.status]).toEqual(isDenied ? ['Denied', 'Rejected'] : ['Approved', 'Approved']);
    expect(approval?.decisions).toHaveLength(counted.length);
    if (!isDenied) expect(counted).toHaveLength(2);
  }
});

test('taking a request back and approving it at once ends in one of the two, never both', async () => {
  const walletId = await newWallet();
  const ann = await approver();
  const group = { quorum: 1, approvers: { userId: { in: [ann.userId] } } };
  await policy('one', ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] }, [walletId]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const activityId = await done('wallets.transferAsset', { walletId }, transfer);
    const approvalId = (await catchUp()).state.tables.activity.get(activityId)?.approvalId ?? '';
    const answers = await racers.race([
      signed('x.abortActivity', { activityId }, {}, admin, 'abort'),
      signed('policies.createApprovalDecision', { approvalId }, { value: 'Approved' }, ann, 'vote'),
      signed('x.abortActivity', { activityId }, {}, admin, 'abort'),
    ]);
    const { state } = await catchUp();
    expect(
      count(
        answers.filter((one) => one.name === 'abort'),
        'ok',
      ),
    ).toBe(1);
    // An approved request that nothing is reserved for can still be taken back: the last word is the withdrawal.
    expect(state.tables.activity.get(activityId)?.status).toBe('Rejected');
    expect(state.tables.window.get(activityId)?.counts).toBe(false);
  }
});

test('at the end the database holds what replay makes of the ledger', async () => {
  await catchUp();
  expect(await compareReplayWithDatabase(db, orgId)).toEqual([]);
});
