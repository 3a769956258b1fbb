import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, pause, startCluster } from './testing/cluster';

/** Which node's envelopes reach which. */
let reaches: (from: number, to: number) => boolean = () => true;
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  const tap = (bytes: Uint8Array, from: number, to: number) => (reaches(from, to) ? [bytes] : []);
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
