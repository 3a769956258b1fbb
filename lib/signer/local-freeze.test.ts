import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { genesisFingerprint, genesisHash } from '@/lib/ledger/genesis';
import { type FreezeSubject, readLocalFreeze, withFreeze, withoutFreeze, writeLocalFreeze } from './local-freeze';
import { type Cluster, startCluster, until } from './testing/cluster';

let tap: () => void = () => undefined;
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({
    k: 2,
    n: 3,
    patienceMs: 6_000,
    tap: (bytes) => {
      tap();
      return [bytes];
    },
  });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 120_000);

afterAll(async () => cluster?.close());

const change = (node: number, how: typeof withFreeze, subject: FreezeSubject): void =>
  writeLocalFreeze(cluster.directory(node), how(readLocalFreeze(cluster.directory(node)), subject));
const told = (node: number) => cluster.coordinator.directory.status(node)?.frozen;
const attempt = async (activityId: string) => {
  await cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
  return (await cluster.record(org.orgId, 'activity', activityId))?.status;
};
const codes = async (activityId: string) =>
  (await cluster.refusals(org.orgId, activityId)).map((refusal) => refusal.code);

test('a node that its machine froze says so and is not asked; the others sign', async () => {
  change(1, withFreeze, { orgId: org.orgId });
  await until(() => told(1)?.orgIds.includes(org.orgId) === true);
  expect(await attempt(await org.signature(keyId))).toBe('Released');
  change(1, withoutFreeze, { orgId: org.orgId });
  await until(() => told(1)?.orgIds.length === 0);
});

test('a freeze in the middle of a ceremony stops the last message of every node; once lifted they sign again', async () => {
  const activityId = await org.signature(keyId);
  let envelopes = 0;
  tap = () => {
    envelopes += 1;
    if (envelopes === 1) for (const node of [1, 2, 3]) change(node, withFreeze, 'all');
  };
  expect(await attempt(activityId)).not.toBe('Released');
  tap = () => undefined;
  expect(envelopes).toBeGreaterThan(0);
  expect(await codes(activityId)).toContain('signer.frozen');
  for (const node of [1, 2, 3]) change(node, withoutFreeze, 'all');
  await until(() => [1, 2, 3].every((node) => told(node)?.all === false));
  expect(await attempt(await org.signature(keyId))).toBe('Released');
  expect((await cluster.record(org.orgId, 'activity', activityId))?.status).not.toBe('Released');
}, 60_000);

test('a freeze outlives the node, and no key is made meanwhile', async () => {
  change(3, withFreeze, 'all');
  cluster.stop(3);
  cluster.start(3);
  await cluster.connected();
  await until(() => told(3)?.all === true);
  const second = await org.key();
  await cluster.coordinator.createKey({ orgId: org.orgId, keyId: second });
  expect((await cluster.record(org.orgId, 'key', second))?.status).not.toBe('Active');
  change(3, withoutFreeze, 'all');
}, 60_000);

test('a node prints its fingerprint and that of each genesis it follows at its start', () => {
  const logs = cluster.lines.join('\n');
  const { signingKey } = cluster.nodes.get(3)?.certificate ?? { signingKey: '' };
  expect(logs).toContain(`Fingerprint of this node: ${nodeFingerprint(signingKey)}`);
  expect(logs).toContain(`Genesis of ${org.orgId}: ${genesisFingerprint(genesisHash(org.genesis))}`);
});

test('a node with GENESIS refuses one that is not named, and says which was offered and how to accept it', async () => {
  const listed = genesisHash(org.genesis);
  cluster.stop(2);
  cluster.start(2, { genesis: [listed] });
  await cluster.connected();
  const other = await cluster.organisation();
  const offered = genesisHash(other.genesis);
  const line = () => cluster.lines.find((one) => one.includes('Genesis not accepted') && one.includes(offered));
  await other.key();
  await until(() => line() !== undefined);
  expect(JSON.parse(line() ?? '{}')).toMatchObject({ node: 2, level: 'warn' });
  expect(line()).toContain(genesisFingerprint(offered));
  expect(line()).toContain(`add ${offered} to GENESIS`);
  expect(cluster.coordinator.feed.head(2, other.orgId)).toBe(-1);
  expect(await attempt(await org.signature(keyId))).toBe('Released');
}, 60_000);
