import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Preparation, refusedForGood, refusedForNow } from '@/lib/broadcast/preparation';
import { type Cluster, startCluster, until } from '@/lib/signer/testing/cluster';

/** Stands before the real preparation; changed by tests. */
let before: () => Preparation | null = () => null;
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({
    k: 2,
    n: 3,
    patienceMs: 4_000,
    prepare: (real) => async (activity, wallet, key) => before() ?? real(activity, wallet, key),
  });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 120_000);
afterAll(() => cluster?.close());
beforeEach(() => {
  before = () => null;
});

const activityOf = (activityId: string) => cluster.record(org.orgId, 'activity', activityId);
const look = (activityId: string) => cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
const codesOf = async (activityId: string) =>
  (await cluster.refusals(org.orgId, activityId)).filter(({ node }) => node === 0).map(({ code }) => code);
const freeze = () => org.act('x.freeze', 'POST', '/x/freeze', {});
const unfreeze = () => org.act('x.unfreeze', 'POST', '/x/unfreeze', {});

test('a request that is refused for good fails with the reason and is never signed', async () => {
  before = () => refusedForGood(409, 'broadcast.insufficient_funds', 'The wallet holds 1 and the request needs 2.');
  const activityId = await org.signature(keyId);
  expect(await look(activityId)).toBeUndefined();
  expect(await activityOf(activityId)).toMatchObject({
    chain: { status: 'Failed', reason: 'The wallet holds 1 and the request needs 2.' },
  });
  before = () => null;
  expect(await look(activityId)).toBeUndefined();
  expect(await activityOf(activityId)).not.toHaveProperty('release');
});

test('a request that is refused for now says so once, is looked at again, and is signed when it passes', async () => {
  before = () => refusedForNow(503, 'broadcast.unavailable', 'The network does not answer.');
  const activityId = await org.signature(keyId);
  expect((await look(activityId))?.againInMs).toBeGreaterThan(0);
  expect((await look(activityId))?.againInMs).toBeLessThanOrEqual(5_000);
  expect(await activityOf(activityId)).toMatchObject({ status: 'Approved' });
  expect(await codesOf(activityId)).toEqual(['broadcast.unavailable']);
  before = () => null;
  expect(await look(activityId)).toBeUndefined();
  expect(await activityOf(activityId)).toMatchObject({ status: 'Released' });
});

test('an approved request waits while the organisation is frozen, says why, and is woken by the un-freeze', async () => {
  const activityId = await org.signature(keyId);
  await freeze();
  expect((await look(activityId))?.againInMs).toBeGreaterThan(0);
  expect(await activityOf(activityId)).toMatchObject({ status: 'Approved' });
  expect(await codesOf(activityId)).toEqual(['freeze.organisation']);
  expect(cluster.woken).not.toContain(activityId);
  await unfreeze();
  await until(() => cluster.woken.includes(activityId));
  expect(await look(activityId)).toBeUndefined();
  expect(await activityOf(activityId)).toMatchObject({ status: 'Released' });
});

test('a request that was reserved before the freeze is neither signed nor given up, and is signed after it', async () => {
  const activityId = await org.signature(keyId);
  const activity = await activityOf(activityId);
  const prepared = activity && (await cluster.prepare(activity, null));
  if (!prepared?.ok) throw new Error('It could not be prepared.');
  await org.append('reserve', { activityId, ...prepared.value, pin: { ...prepared.value.pin } });
  await freeze();
  expect((await look(activityId))?.againInMs).toBeGreaterThan(0);
  expect(await codesOf(activityId)).toEqual(['freeze.organisation']);
  expect(await activityOf(activityId)).toMatchObject({ status: 'Reserved' });
  await unfreeze();
  await until(() => cluster.woken.includes(activityId));
  expect(await look(activityId)).toBeUndefined();
  expect(await activityOf(activityId)).toMatchObject({ status: 'Released' });
}, 30_000);
