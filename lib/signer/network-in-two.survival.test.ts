import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, pause, startCluster, until } from './testing/cluster';

/** Which node's envelopes reach which. */
let reaches: (from: number, to: number) => boolean = () => true;
/** Told the number of each envelope, from 1 on. */
let onEnvelope: (count: number) => void = () => {};
let envelopes = 0;
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  const tap = (bytes: Uint8Array, from: number, to: number) => {
    envelopes += 1;
    onEnvelope(envelopes);
    return reaches(from, to) ? [bytes] : [];
  };
  cluster = await startCluster({ k: 3, n: 4, patienceMs: 4_000, tap });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 180_000);
afterAll(async () => cluster?.close());

const attempt = (activityId: string) => cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
/** Looks at the request again until nothing more is to be done about it. */
const settle = async (activityId: string): Promise<string> => {
  for (let left = 20; left > 0 && (await attempt(activityId)) !== undefined; left -= 1) await pause(500);
  return (await cluster.record(org.orgId, 'activity', activityId))?.status ?? 'none';
};
const releases = async (activityId: string): Promise<number> => {
  const { rows } = await cluster.sql.query<{ count: string }>(
    "SELECT count(*)::text AS count FROM ledger_leaves WHERE org_id = $1 AND kind = 'release' AND subject = $2",
    [org.orgId, activityId],
  );
  return Number(rows[0]?.count);
};

// Kept out of the short run: ceremonies that wait for nodes which can't be reached take their whole patience.
test('between two and two nothing is signed; together again they sign', async () => {
  reaches = (from, to) => from < 3 === to < 3;
  const activityId = await org.signature(keyId);
  await attempt(activityId);
  expect(await releases(activityId)).toBe(0);
  reaches = () => true;
  await settle(activityId);
  expect(await releases(activityId)).toBeLessThanOrEqual(1);
  const anew = await org.signature(keyId);
  expect(await settle(anew)).toBe('Released');
  expect(await releases(anew)).toBe(1);
}, 180_000);

const signsAnew = async (): Promise<void> => {
  const activityId = await org.signature(keyId);
  expect(await settle(activityId)).toBe('Released');
  expect(await releases(activityId)).toBe(1);
};

/** Signs at most once while the network is cut, and again as always when it is whole. A request nobody released anything for may be abandoned. */
const healed = async (activityId: string, what: string): Promise<void> => {
  onEnvelope = () => {};
  reaches = () => true;
  await settle(activityId);
  expect(await releases(activityId), what).toBeLessThanOrEqual(1);
};

test('three and one: signed at most once, and together again all sign', async () => {
  reaches = (from, to) => (from === 4) === (to === 4);
  const activityId = await org.signature(keyId);
  await attempt(activityId);
  await healed(activityId, 'three and one');
  await signsAnew();
}, 180_000);

test('cut in two in the middle of a ceremony: signed at most once, and together again all sign', async () => {
  for (const at of [2, 6, 10, 14]) {
    const activityId = await org.signature(keyId);
    envelopes = 0;
    onEnvelope = (count) => {
      if (count === at) reaches = (from, to) => from < 3 === to < 3;
    };
    await attempt(activityId);
    await healed(activityId, `cut at message ${at}`);
  }
  await signsAnew();
  // Each cut costs a few ceremonies their whole patience.
}, 480_000);

const copy = (from: string, to: string): void => {
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true });
};
const are = (nodes: readonly number[], isThere: boolean) =>
  until(() => nodes.every((node) => cluster.coordinator.relay.connected().includes(node) === isThere));
const stop = async (nodes: readonly number[]): Promise<void> => {
  for (const node of nodes) cluster.stop(node);
  await are(nodes, false);
};
const start = async (nodes: readonly number[]): Promise<void> => {
  for (const node of nodes) cluster.start(node);
  await are(nodes, true);
};
/** Takes a copy of what the nodes have on their disks. */
const keep = async (nodes: readonly number[]): Promise<void> => {
  await stop(nodes);
  for (const node of nodes) copy(cluster.directory(node), `${cluster.directory(node)}.old`);
  await start(nodes);
  await cluster.connected();
};
/** Starts the nodes with their old copies: all know it, and nothing is signed until they have their own stores back. */
const withOldStores = async (nodes: readonly number[], what: string): Promise<void> => {
  await stop(nodes.filter((node) => cluster.nodes.has(node)));
  for (const node of nodes) {
    copy(cluster.directory(node), `${cluster.directory(node)}.present`);
    copy(`${cluster.directory(node)}.old`, cluster.directory(node));
  }
  await start(nodes);
  await until(() => nodes.every((node) => cluster.nodes.get(node)?.status().quarantined === true), 30_000).catch(() => {
    throw new Error(`${what}: ${JSON.stringify(nodes.map((node) => cluster.nodes.get(node)?.status().quarantined))}`);
  });
  const activityId = await org.signature(keyId);
  await attempt(activityId);
  expect(await releases(activityId), what).toBe(0);
  await stop(nodes);
  for (const node of nodes) copy(`${cluster.directory(node)}.present`, cluster.directory(node));
  await start(nodes);
  await cluster.connected();
  await settle(activityId);
  expect(await releases(activityId), what).toBeLessThanOrEqual(1);
  await signsAnew();
};

// Node 4 is away while the others sign: of two old stores one peer alone knows, of three none, but the ledger.
test.each([[[1, 2]], [[1, 2, 3]]])(
  'nodes %j with old stores at once know it and sign nothing; with their own stores all sign',
  async (nodes) => {
    await keep(nodes);
    await stop([4]);
    await signsAnew();
    await start([4]);
    await withOldStores(nodes, `old stores of ${nodes}`);
  },
  180_000,
);

test('two nodes killed at any message of a ceremony, whose stores are then those from before it, know it', async () => {
  for (const at of [1, 6, 12, 18]) {
    await keep([1, 2]);
    await stop([4]);
    const activityId = await org.signature(keyId);
    envelopes = 0;
    onEnvelope = (count) => {
      if (count === at) for (const node of [1, 2]) cluster.stop(node);
    };
    await attempt(activityId);
    onEnvelope = () => {};
    for (const node of [1, 2]) cluster.stop(node);
    await are([1, 2], false);
    await start([4]);
    await withOldStores([1, 2], `killed at message ${at}`);
    await settle(activityId);
    expect(await releases(activityId), `killed at message ${at}`).toBeLessThanOrEqual(1);
  }
}, 480_000);
