import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { buildUnsigned } from '@/lib/chain/evm/build';
import { createDb, type Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import type { Json } from '@/lib/domain/canonical-json';
import type { Entry } from '@/lib/ledger/entry';
import { intentOfActivity } from '@/lib/ledger/intent';
import { judgeActivity } from '@/lib/ledger/judge';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import type { OrgState } from '@/lib/ledger/state';
import { seededBytes } from '@/lib/ledger/testing/chain';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { ALWAYS, BLOCK, countLimit } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Params, type Signer, signRequest } from '@/lib/ledger/testing/requests';
import { BOB } from '@/lib/ledger/testing/signing';
import { createWorld } from '@/lib/ledger/testing/world';
import { whyUnsignable } from '@/lib/ledger/unsignable';
import { composeLedger, type Ledger } from './ledger';
import { type RaceAnswer, type RaceTask, startRacers } from './testing/race';

/**
 * The races of the abuse tests (22 to 33) among four API processes over one database. Each ends exactly as the rules say, and what the
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

/** How far the clocks of all processes are ahead. */
let aheadMs = 0;
/** The processes' tasks at once. */
const race = (tasks: readonly RaceTask[]) => racers.race(tasks, aheadMs);

/** Replays what was chained since. @param each Is shown every entry that applied, with the state it made. */
const catchUp = async (each: (entry: Entry, state: OrgState) => void = () => undefined): Promise<Replica> => {
  while ((await sequenceOnce(db)) > 0);
  for (const item of await composed.ledger.feed(orgId, (replica.head?.seq ?? -1) + 1, 100_000)) {
    const extension = extendReplica(replica, item.bytes, item.body, TEST_PORTS);
    if (extension.kind !== 'applied') throw new Error(`Not applied: ${JSON.stringify(extension)}`);
    each(extension.entry, replica.state);
  }
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
    at: Date.now() + aheadMs,
    random: world.random,
  });
  if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
  const { statement, assertion } = leaf;
  return { name, kind: 'submit', operationId, statement, assertion, body: Buffer.from(bytes).toString('base64') };
};
const done = async (operationId: string, params: Params, body: Json, signer?: Signer): Promise<string> => {
  await catchUp();
  const [answer] = await race([signed(operationId, params, body, signer)]);
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
  composed = composeLedger(db, { now: () => Date.now() + aheadMs });
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
  const answers = await race(transfers(walletId, 50));
  expect([count(answers, 'ok'), count(answers, 'policy.blocked')]).toEqual([10, 40]);
});

test('two limits that overlap are each kept exactly, and wallets don’t take from each other', async () => {
  const [a, b] = [await newWallet(), await newWallet()];
  await policy('seven each', countLimit(7), BLOCK, [a, b]);
  await policy('four of the one', countLimit(4, 1440), BLOCK, [a]);
  await catchUp();
  const answers = await race([...transfers(a, 20), ...transfers(b, 20)]);
  const passed = (walletId: string) =>
    count(
      answers.filter((one) => one.name === walletId),
      'ok',
    );
  expect([passed(a), passed(b)]).toEqual([4, 7]);
});

test('50 requests with one externalId make one activity', async () => {
  const walletId = await newWallet();
  const answers = await race(transfers(walletId, 50, { externalId: 'race-1' }));
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
    const answers = await race(votes);
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
    const answers = await race([
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

const entry = (name: string, kind: 'expiry' | 'reserve', body: Json): RaceTask => ({
  name,
  kind: 'append',
  entry: kind,
  body,
});
/** Entries that pin an approved transfer to a nonce, as the coordinator would make them. */
const reserveTask = (activityId: string, nonce: number): RaceTask => {
  const activity = replica.state.tables.activity.get(activityId);
  const wallet = replica.state.tables.wallet.get(activity?.walletId ?? '');
  if (!activity || !wallet) throw new Error(`No transfer ${activityId}.`);
  const intent = intentOfActivity(activity, wallet);
  const built = buildUnsigned(intent, {
    nonce,
    gasLimit: 50_000n,
    maxFeePerGas: 20_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
  });
  const checked = built.ok ? TEST_PORTS.chainRules(wallet.network)?.checkUnsigned(intent, built.value) : built;
  if (!built.ok || !checked?.ok) throw new Error(JSON.stringify(checked));
  const { pin, digest } = checked.value;
  return entry('reserve', 'reserve', { activityId, unsigned: built.value, digest, pin: { ...pin }, attempt: 0 });
};
const verdictOf = (activityId: string): string => {
  const judged = judgeActivity(replica.state, activityId, { at: Date.now() + aheadMs });
  return judged.ok ? judged.value.verdict : judged.refusal.code;
};
const activityIdsOf = (answers: readonly RaceAnswer[], name: string): readonly string[] =>
  answers.filter((one) => one.name === name && one.code === 'ok').map((one) => one.id ?? '');
const assignmentOf = (userId: string) => {
  const found = replica.state.tables.assignment.by('identityId', userId).find((item) => !item.isRevoked);
  if (!found) throw new Error(`${userId} has no role.`);
  return found;
};
const revocation = (userId: string): RaceTask => {
  const { id: assignmentId, permissionId } = assignmentOf(userId);
  return signed('permissions.deleteAssignment', { permissionId, assignmentId }, {}, admin, 'revoke');
};

const BUDGET = 6;
const STEPS = 30;
test('requests that wait hold their place in a limit, and a denial, a withdrawal and an expiry at once give it back once', async () => {
  const walletId = await newWallet();
  const ann = await approver();
  const approvalGroups = [{ quorum: 1, approvers: { userId: { in: [ann.userId] } } }];
  await policy('six', countLimit(BUDGET, 43_200), BLOCK, [walletId]);
  await policy('one', ALWAYS, { kind: 'RequestApproval', approvalGroups, autoRejectTimeout: 30 }, [walletId]);
  await catchUp();
  const draw = seededBytes('budget');
  const below = (most: number): number => (draw(1)[0] ?? 0) % most;
  // The oracle: who holds a place, told by what became of each request alone.
  const madeIn = new Map<string, number>();
  let era = 0;
  const holds = (state: OrgState, activityId: string): boolean => {
    const status = state.tables.activity.get(activityId)?.status ?? '';
    return status === 'Pending' ? madeIn.get(activityId) === era : status === 'Approved';
  };
  const seen = { blocked: 0, given: 0 };
  const look = (item: Entry, state: OrgState): void => {
    const held = [...madeIn.keys()].filter((id) => holds(state, id));
    expect(held.length).toBeLessThanOrEqual(BUDGET);
    const activityId = String(item.effects.activityId ?? '');
    const made = state.tables.activity.get(activityId);
    if (made?.walletId !== walletId || madeIn.has(activityId)) return;
    madeIn.set(activityId, era);
    expect(made.status, `after ${held.length} that hold a place`).toBe(held.length < BUDGET ? 'Pending' : 'Rejected');
    if (held.length >= BUDGET) seen.blocked += 1;
  };
  for (let step = 0; step < STEPS; step += 1) {
    const { state } = replica;
    const open = [...madeIn.keys()].filter((id) => holds(state, id)).slice(0, below(4));
    const isOver = below(3) === 0;
    if (isOver) {
      aheadMs += 31 * 60_000;
      era += 1;
    }
    const ends = open.flatMap((activityId): RaceTask[] => {
      const approvalId = state.tables.activity.get(activityId)?.approvalId ?? '';
      const vote = (value: string) =>
        signed('policies.createApprovalDecision', { approvalId }, { value }, ann, `${activityId} ${value}`);
      const abort = signed('x.abortActivity', { activityId }, {}, admin, `${activityId} ends`);
      const ways = [
        [vote('Denied'), abort, entry(`${activityId} ends`, 'expiry', { approvalId })],
        [abort, abort],
        [vote('Approved'), vote('Denied')],
      ];
      return ways[below(3)] ?? [];
    });
    const answers = await race([...transfers(walletId, 1 + below(8)), ...ends]);
    await catchUp(look);
    for (const activityId of open) {
      const ended = answers.filter(
        ({ name, code }) => code === 'ok' && (name === `${activityId} ends` || name === `${activityId} Denied`),
      );
      expect(ended.length, activityId).toBeLessThanOrEqual(1);
      seen.given += ended.length;
    }
    for (const activityId of madeIn.keys()) {
      const { counts, pendingUntil = Number.POSITIVE_INFINITY } = replica.state.tables.window.get(activityId) ?? {};
      expect(counts === true && pendingUntil > Date.now() + aheadMs, activityId).toBe(holds(replica.state, activityId));
    }
  }
  expect(seen.blocked).toBeGreaterThan(0);
  expect(seen.given).toBeGreaterThan(0);
});

test('an approver who is removed while they approve leaves nothing that could be signed, until somebody else approves', async () => {
  const walletId = await newWallet();
  const [ann, bob] = [await approver(), await approver()];
  const group = { quorum: 1, approvers: { userId: { in: [ann.userId, bob.userId] } } };
  await policy('one of two', ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] }, [walletId]);
  const { permissionId } = assignmentOf(ann.userId);
  for (let round = 0; round < ROUNDS; round += 1) {
    const activityId = await done('wallets.transferAsset', { walletId }, transfer);
    const approvalId = (await catchUp()).state.tables.activity.get(activityId)?.approvalId ?? '';
    const vote = (who: Signer) =>
      signed('policies.createApprovalDecision', { approvalId }, { value: 'Approved' }, who, 'vote');
    const answers = await race([vote(ann), revocation(ann.userId), vote(ann)]);
    const { state } = await catchUp();
    expect(answers.filter(({ name, code }) => name === 'revoke' && code === 'ok')).toHaveLength(1);
    const counted = activityIdsOf(answers, 'vote').length;
    expect(state.tables.activity.get(activityId)?.status).toBe(counted === 1 ? 'Approved' : 'Pending');
    expect(verdictOf(activityId)).toBe(counted === 1 ? 'reopen' : 'evidence.not_approved');
    if (counted === 1) {
      const reserved = await race(Array.from({ length: 4 }, () => reserveTask(activityId, round)));
      expect(reserved.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'reserve.reopen'));
    } else {
      const again = await race([vote(bob), vote(bob)]);
      await catchUp();
      expect(count(again, 'ok')).toBe(1);
      expect(verdictOf(activityId)).toBe('sign');
    }
    await done('permissions.createAssignment', { permissionId }, { identityId: ann.userId });
  }
});

test('a policy that comes while requests are made and reserved stops all that is not signed, whoever was first', async () => {
  const walletId = await newWallet();
  for (let round = 0; round < ROUNDS; round += 1) {
    const activityId = await done('wallets.transferAsset', { walletId }, transfer);
    await catchUp();
    const stop = { name: `stop ${round}`, activityKind: 'Wallets:Sign', rule: ALWAYS, action: BLOCK };
    const block = signed('policies.createPolicy', {}, { ...stop, filters: { walletId: { in: [walletId] } } });
    const answers = await race([reserveTask(activityId, round), block, ...transfers(walletId, 6)]);
    await catchUp();
    const reserved = answers.find(({ name }) => name === 'reserve')?.code;
    expect(['ok', 'reserve.reject']).toContain(reserved);
    expect(count(answers, 'ok') + count(answers, 'policy.blocked') + count(answers, 'reserve.reject')).toBe(8);
    for (const id of [activityId, ...activityIdsOf(answers, walletId)]) expect(verdictOf(id)).toBe('reject');
    const why = whyUnsignable(replica.state, activityId, { at: Date.now() + aheadMs, patienceMs: 0 });
    expect(why?.code).toBe(reserved === 'ok' ? 'evidence.blocked' : undefined);
    const [policyId = ''] = activityIdsOf(answers, 'policies.createPolicy');
    await done('policies.archivePolicy', { policyId }, {});
  }
});

test('a policy that goes while requests are made binds those made before it went, and no other', async () => {
  const walletId = await newWallet();
  const ann = await approver();
  const approvalGroups = [{ quorum: 1, approvers: { userId: { in: [ann.userId] } } }];
  for (let round = 0; round < ROUNDS; round += 1) {
    const policyId = await policy(`ask ${round}`, ALWAYS, { kind: 'RequestApproval', approvalGroups }, [walletId]);
    await catchUp();
    const archive = signed('policies.archivePolicy', { policyId }, {}, admin, 'archive');
    await race([...transfers(walletId, 3), archive, ...transfers(walletId, 4)]);
    let isGone = false;
    let made = 0;
    await catchUp((item, state) => {
      const activity = state.tables.activity.get(String(item.effects.activityId ?? ''));
      isGone ||= state.tables.policy.get(policyId)?.status === 'Archived';
      if (activity?.walletId !== walletId) return;
      made += 1;
      expect([activity.status, activity.groups.length]).toEqual(isGone ? ['Approved', 0] : ['Pending', 1]);
    });
    expect([made, isGone]).toEqual([7, true]);
  }
});

test('of three approvers removed at once where two are needed, exactly one goes: nobody is locked out', async () => {
  const people = [await approver(), await approver(), await approver()];
  const group = {
    quorum: 2,
    approvers: { userId: { in: people.map((one) => one.userId) } },
    initiatorCanApprove: true,
  };
  await done(
    'policies.createPolicy',
    {},
    {
      name: 'governed',
      activityKind: 'Policies:Modify',
      rule: ALWAYS,
      action: { kind: 'RequestApproval', approvalGroups: [group] },
    },
  );
  await catchUp();
  for (let round = 0; round < ROUNDS; round += 1) {
    const roles = people.map((one) => ({ userId: one.userId, permissionId: assignmentOf(one.userId).permissionId }));
    const answers = await race(people.map((one) => revocation(one.userId)));
    await catchUp();
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['ok', 'policy.dead_end', 'policy.dead_end']);
    const gone = roles.find(
      ({ userId }) => !replica.state.tables.assignment.by('identityId', userId).some((item) => !item.isRevoked),
    );
    await done(
      'permissions.createAssignment',
      { permissionId: gone?.permissionId ?? '' },
      { identityId: gone?.userId ?? '' },
    );
    await catchUp();
  }
});

test('at the end the database holds what replay makes of the ledger', async () => {
  await catchUp();
  expect(await compareReplayWithDatabase(db, orgId)).toEqual([]);
});
