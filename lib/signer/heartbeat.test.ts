import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAlarms, listHeartbeats } from '@/lib/db/ledger-proofs';
import { entryBytes, NO_PREVIOUS } from '@/lib/ledger/entry';
import { type SignedHead, verifySignedHead } from '@/lib/ledger/heartbeat';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { openStore } from './store';
import { type Cluster, startCluster, until } from './testing/cluster';

let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let second: Awaited<ReturnType<Cluster['organisation']>>;

const reached = async (nodes: readonly number[], orgId: string, seq: number): Promise<void> => {
  for (const node of nodes) await cluster.coordinator.feed.reached(node, orgId, seq, 10_000);
};
const headOf = async (orgId: string) => {
  const head = await cluster.ledger.head(orgId);
  if (!head) throw new Error('There is no head.');
  return head;
};

beforeAll(async () => {
  cluster = await startCluster({ k: 3, n: 4 });
  await cluster.connected();
  org = await cluster.organisation();
  second = await cluster.organisation();
  for (const { orgId } of [org, second]) await reached([1, 2, 3, 4], orgId, (await headOf(orgId)).seq);
}, 120_000);
afterAll(() => cluster?.close());

test('one round of heartbeats covers every organisation, under the keys of its genesis', async () => {
  await cluster.coordinator.witness();
  for (const { orgId, genesis } of [org, second]) {
    const { seq, root } = await headOf(orgId);
    const beats = await listHeartbeats(cluster.sql, orgId);
    expect(beats.map(({ node, head }) => ({ node, ...head }))).toEqual(
      [1, 2, 3, 4].map((node) => ({ node, orgId, seq, root })),
    );
    for (const beat of beats) {
      const key = genesis.nodes[beat.node - 1]?.signingKey ?? '';
      expect(verifySignedHead(beat, key, TEST_PORTS.verifyEd25519)).toBe(true);
    }
  }
});

test('a node that was shown another history signs it, and every node keeps the evidence and stops that ledger alone', async () => {
  const { seq, hash } = await headOf(org.orgId);
  cluster.stop(4);
  const store = openStore(cluster.directory(4));
  const body = Buffer.from('{}');
  const entry = {
    v: 1 as const,
    seq: seq + 1,
    prev: seq < 0 ? NO_PREVIOUS : hash,
    at: Date.now(),
    kind: 'expiry' as const,
    bodyHash: 'ab'.repeat(32),
    effects: {},
  };
  store.run(
    'INSERT INTO entry (org, seq, bytes, body) VALUES (?, ?, ?, ?)',
    org.orgId,
    seq + 1,
    entryBytes(entry),
    body,
  );
  store.close();
  const made = await org.act('permissions.createPermission', 'POST', '/permissions', {
    name: 'one',
    operations: ['Wallets:Read'],
  });
  await reached([1, 2, 3], org.orgId, made.seq);
  cluster.start(4);
  await cluster.connected();
  await cluster.coordinator.witness();

  await until(async () => (await listAlarms(cluster.sql, org.orgId)).length >= 4);
  const alarms = await listAlarms(cluster.sql, org.orgId);
  expect(new Set(alarms.map(({ node }) => node))).toEqual(new Set([1, 2, 3, 4]));
  expect(alarms.every(({ code }) => code === 'signer.fork')).toBe(true);
  const ofOne = alarms.find(({ node }) => node === 1);
  expect(ofOne?.content).toMatchObject({ signed: { node: 4, head: { orgId: org.orgId, seq: seq + 1 } } });
  const { signed } = (ofOne?.content ?? {}) as { signed: SignedHead };
  const key = org.genesis.nodes[3]?.signingKey ?? '';
  expect(verifySignedHead(signed, key, TEST_PORTS.verifyEd25519)).toBe(true);
  for (const node of cluster.nodes.values()) expect(node.status().stopped).toMatchObject([{ orgId: org.orgId }]);
  expect(await listAlarms(cluster.sql, second.orgId)).toEqual([]);
});

test('the other organisation goes on being witnessed, and an alarm outlives the restart of node and server', async () => {
  await cluster.coordinator.witness();
  expect((await listHeartbeats(cluster.sql, second.orgId)).map(({ node }) => node)).toEqual([1, 2, 3, 4]);
  await cluster.sql.query('DELETE FROM ledger_alarms');
  cluster.stop(2);
  cluster.start(2);
  await cluster.connected();
  await cluster.coordinator.witness();
  await until(async () => (await listAlarms(cluster.sql, org.orgId)).some(({ node }) => node === 2));
});
