import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, pause, startCluster, until } from './testing/cluster';

/**
 * Four nodes of which three sign, and whatever happens between and to them: at most one signature for one pin, none beyond what was
 * asked for, and requests are signed again afterwards.
 */
const offsets = new Map<number, number>();
/** What happens when the next envelope passes. */
let onEnvelope: (count: number) => void = () => {};
let envelopes = 0;
let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({
    k: 3,
    n: 4,
    patienceMs: 4_000,
    clock: (node) => () => Date.now() + (offsets.get(node) ?? 0),
    tap: (bytes) => {
      envelopes += 1;
      onEnvelope(envelopes);
      return [bytes];
    },
  });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 180_000);
afterEach(() => {
  onEnvelope = () => {};
  offsets.clear();
});
afterAll(async () => cluster?.close());

const jobOf = (activityId: string) => ({ orgId: org.orgId, activityId });
const attempt = (activityId: string) => {
  envelopes = 0;
  return cluster.coordinator.signActivity(jobOf(activityId));
};
/** Looks at the request again until nothing more is to be done about it. */
const settle = async (activityId: string): Promise<string> => {
  for (let left = 20; left > 0 && (await attempt(activityId)) !== undefined; left -= 1) await pause(500);
  return (await cluster.record(org.orgId, 'activity', activityId))?.status ?? 'none';
};
/** Signatures that stand in the ledger for the request: one, also where several ceremonies ran at once. */
const releases = async (activityId: string): Promise<number> => {
  const { rows } = await cluster.sql.query<{ count: string }>(
    "SELECT count(*)::text AS count FROM ledger_leaves WHERE org_id = $1 AND kind = 'release' AND subject = $2",
    [org.orgId, activityId],
  );
  return Number(rows[0]?.count);
};
const signsAnew = async (): Promise<void> => {
  const activityId = await org.signature(keyId);
  expect(await settle(activityId)).toBe('Released');
  expect(await releases(activityId)).toBe(1);
};

describe('a clock that jumps', () => {
  const MINUTE = 60_000;
  test.each([
    ['10 minutes ahead', 10 * MINUTE],
    ['10 minutes behind', -10 * MINUTE],
    ['a day ahead', 1440 * MINUTE],
    ['a day behind', -1440 * MINUTE],
  ])(
    'one node is %s: it witnesses nothing, the others sign, and it signs again with the right time',
    async (_, ms) => {
      offsets.set(2, ms);
      await signsAnew();
      offsets.clear();
      await signsAnew();
    },
    120_000,
  );

  test('two nodes a day ahead: nothing is witnessed, hence nothing signed, until their time is right again', async () => {
    offsets.set(2, 1440 * MINUTE);
    offsets.set(3, 1440 * MINUTE);
    const activityId = await org.signature(keyId);
    await attempt(activityId);
    expect(await releases(activityId)).toBe(0);
    offsets.clear();
    await settle(activityId);
    expect(await releases(activityId)).toBeLessThanOrEqual(1);
    await signsAnew();
  }, 120_000);
});

describe('a node that loses its process or its store', () => {
  const back = async (): Promise<void> => {
    if (!cluster.nodes.has(2)) cluster.start(2);
    await cluster.connected();
  };

  test('killed at any message of a ceremony: the request is signed once, and the node signs again', async () => {
    for (const at of [1, 5, 10, 15, 20]) {
      const activityId = await org.signature(keyId);
      onEnvelope = (count) => {
        if (count === at) cluster.stop(2);
      };
      await attempt(activityId);
      onEnvelope = () => {};
      await back();
      expect(await settle(activityId), `killed at message ${at}`).toBe('Released');
      expect(await releases(activityId), `killed at message ${at}`).toBe(1);
    }
    await signsAnew();
  }, 240_000);

  test('two with old copies at once, of which one peer alone knows, sign nothing; with their own stores all sign', async () => {
    const copy = (from: string, to: string): void => {
      fs.rmSync(to, { recursive: true, force: true });
      fs.cpSync(from, to, { recursive: true });
    };
    const both = async (exchange: (directory: string) => void): Promise<void> => {
      for (const node of [1, 2]) cluster.stop(node);
      await until(() => ![1, 2].some((node) => cluster.coordinator.relay.connected().includes(node)));
      for (const node of [1, 2]) exchange(cluster.directory(node));
      for (const node of [1, 2]) cluster.start(node);
      await until(() => [1, 2].every((node) => cluster.coordinator.relay.connected().includes(node)));
    };
    await both((directory) => copy(directory, `${directory}.old`));
    cluster.stop(4);
    await signsAnew();
    cluster.start(4);
    await both((directory) => {
      copy(directory, `${directory}.present`);
      copy(`${directory}.old`, directory);
    });
    await until(() => [1, 2].every((node) => cluster.nodes.get(node)?.status().quarantined === true));
    const activityId = await org.signature(keyId);
    await attempt(activityId);
    expect(await releases(activityId)).toBe(0);
    await both((directory) => copy(`${directory}.present`, directory));
    await cluster.connected();
    await settle(activityId);
    expect(await releases(activityId)).toBeLessThanOrEqual(1);
    await signsAnew();
  }, 120_000);

  test('without its store it takes part in nothing, and the others sign once', async () => {
    const activityId = await org.signature(keyId);
    onEnvelope = (count) => {
      if (count !== 4) return;
      cluster.stop(2);
      for (const name of fs.readdirSync(cluster.directory(2)))
        if (name.startsWith('signer.db')) fs.rmSync(path.join(cluster.directory(2), name));
    };
    await attempt(activityId);
    cluster.stop(2);
    onEnvelope = () => {};
    expect(await settle(activityId)).toBe('Released');
    expect(await releases(activityId)).toBe(1);
    await signsAnew();
  }, 120_000);
});
