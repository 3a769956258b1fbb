import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Preparation, refusedForGood, refusedForNow } from '@/lib/broadcast/preparation';
import type { Json } from '@/lib/domain/canonical-json';
import { type Cluster, startCluster, until } from '@/lib/signer/testing/cluster';
import type { CoordinatorOptions } from './coordinator';

/** Stands before the real preparation; changed by tests. */
let before: () => Preparation | null = () => null;
let tap: NonNullable<CoordinatorOptions['tap']> = (bytes) => [bytes];
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({
    k: 2,
    n: 3,
    patienceMs: 4_000,
    tap: (...envelope) => tap(...envelope),
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

/** A request that holds its pin. */
const reservation = async (): Promise<string> => {
  const activityId = await org.signature(keyId);
  const activity = await activityOf(activityId);
  const prepared = activity && (await cluster.prepare(activity, null));
  if (!prepared?.ok) throw new Error('It could not be prepared.');
  await org.append('reserve', { activityId, ...prepared.value, pin: { ...prepared.value.pin } });
  return activityId;
};
const policy = (name: string, action: Json) =>
  org.act('policies.createPolicy', 'POST', '/v2/policies', {
    name,
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger' },
    action,
  });
const archive = ({ id }: { id: string }) => org.act('policies.archivePolicy', 'DELETE', `/v2/policies/${id}`, {});
const ANYBODY: Json = { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: {} }] };

test.each([
  ['asks for more approvals', ANYBODY, 'evidence.approvals_missing'],
  ['blocks', { kind: 'Block' }, 'evidence.blocked'],
])(
  'a request that is reserved before a policy that %s is given up at once, and holds nothing any more',
  async (_what, action, code) => {
    const activityId = await reservation();
    const made = await policy('stricter', action);
    expect(await look(activityId)).toBeUndefined();
    expect(await activityOf(activityId)).toMatchObject({ status: 'Abandoned' });
    // No ceremony was tried: only the coordinator says why.
    expect((await cluster.refusals(org.orgId, activityId)).map(({ node, code: said }) => [node, said])).toEqual([
      [0, code],
    ]);
    await archive(made);
  },
);

test('a request whose policy becomes stricter in the middle of its ceremony is given up by what nodes say to the next one', async () => {
  const activityId = await org.signature(keyId);
  let isCut = false;
  tap = (bytes, from) => {
    if (!isCut) {
      isCut = true;
      void policy('stricter', ANYBODY).then(() => cluster.stop(from));
    }
    return [];
  };
  expect(await look(activityId)).toBeUndefined();
  expect(isCut).toBe(true);
  expect(await activityOf(activityId)).toMatchObject({ status: 'Abandoned' });
  expect(await codesOf(activityId)).toEqual(['evidence.approvals_missing']);
}, 30_000);
