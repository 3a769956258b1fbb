import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster, until } from './testing/cluster';

/** What the relay does to what passes; changed by tests. */
let tap: (bytes: Uint8Array, from: number, to: number) => readonly Uint8Array[] = (bytes) => [bytes];
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({ k: 3, n: 4, patienceMs: 6_000, tap: (bytes, from, to) => tap(bytes, from, to) });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 120_000);

afterAll(async () => {
  if (process.env.SIGNER_LOG) fs.writeFileSync(process.env.SIGNER_LOG, cluster.lines.join('\n'));
  await cluster?.close();
});

const sign = async (): Promise<{ activityId: string; status: string }> => {
  const activityId = await org.signature(keyId);
  await cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
  return { activityId, status: (await cluster.record(org.orgId, 'activity', activityId))?.status ?? 'none' };
};

test('four nodes make a key, and its certificate stands in the ledger', async () => {
  expect((await cluster.record(org.orgId, 'key', keyId))?.status).toBe('Active');
});

test('three of four nodes sign an approved request, and the ledger verifies the signature', async () => {
  expect((await sign()).status).toBe('Released');
});

test('envelopes that come twice, in another order or to a stranger are dropped without a burn, and the ceremony succeeds', async () => {
  const dropped = () => [...cluster.nodes.values()].reduce((sum, node) => sum + (node.status().counts.dropped ?? 0), 0);
  const before = dropped();
  const old: Uint8Array[] = [];
  tap = (bytes) => {
    old.push(bytes);
    return [...old.slice(-3), bytes];
  };
  expect((await sign()).status).toBe('Released');
  tap = (bytes) => [bytes];
  expect(dropped()).toBeGreaterThan(before);
  expect(
    [...cluster.nodes.values()].flatMap((node) => node.status().pairs).every((pair) => pair.state === 'ready'),
  ).toBe(true);
});

test('a ceremony whose envelopes are altered comes to nothing, burns nothing, and the request is signed by others afterwards', async () => {
  let altered = 0;
  tap = (bytes) => {
    if (altered++ > 3) return [bytes];
    const changed = bytes.slice();
    changed[200] = (changed[200] ?? 0) ^ 1;
    return [changed];
  };
  const { status } = await sign();
  tap = (bytes) => [bytes];
  expect(status).toBe('Released');
  expect(
    [...cluster.nodes.values()].flatMap((node) => node.status().pairs).some((pair) => pair.state === 'burned'),
  ).toBe(false);
}, 60_000);

test('a node that was away catches up by the ordinary feed and signs again', async () => {
  cluster.stop(4);
  expect((await sign()).status).toBe('Released');
  cluster.start(4);
  await cluster.connected();
  const head = await cluster.ledger.head(org.orgId);
  await until(() => cluster.coordinator.feed.head(4, org.orgId) >= (head?.seq ?? 0));
  cluster.stop(1);
  expect((await sign()).status).toBe('Released');
  cluster.start(1);
  await cluster.connected();
});

test('with two nodes down a request waits, then fails with its reason, and is not signed when they are back', async () => {
  cluster.stop(3);
  cluster.stop(4);
  await until(() => cluster.coordinator.relay.connected().length === 2);
  const activityId = await org.signature(keyId);
  const job = { orgId: org.orgId, activityId };
  expect((await cluster.coordinator.signActivity(job))?.againInMs).toBeGreaterThan(0);
  await until(async () => (await cluster.coordinator.signActivity(job)) === undefined, 20_000);
  const failed = await cluster.record(org.orgId, 'activity', activityId);
  expect(failed?.chain?.status).toBe('Failed');
  expect(failed?.chain?.reason).toContain('signer nodes');
  expect((await cluster.refusals(org.orgId, activityId)).map((refusal) => refusal.code)).toContain(
    'signing.too_few_signers',
  );
  cluster.start(3);
  cluster.start(4);
  await cluster.connected();
  await cluster.coordinator.signActivity(job);
  expect((await cluster.record(org.orgId, 'activity', activityId))?.status).not.toBe('Released');
}, 60_000);

test('a second process on the same directory is refused', () => {
  expect(() => cluster.start(2)).toThrow(/in use/);
});

test('nothing secret is in the logs: no sealing key, no identity key', () => {
  const logs = cluster.lines.join('\n');
  for (const node of cluster.nodes.keys()) {
    const kek = fs.readFileSync(path.join(cluster.directory(node), 'sealing.key'));
    for (const text of [kek.toString('hex'), kek.toString('base64'), kek.toString('base64url')])
      expect(logs).not.toContain(text);
  }
});
