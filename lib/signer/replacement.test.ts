import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { holdersOf } from '@/lib/ledger/nodes';
import { enrolmentOf, loadIdentity, makeNextIdentity } from './identity';
import { IdentityRenewedError } from './node';
import { fileKeyWrapper } from './sealed-records';
import { type Cluster, startCluster, until } from './testing/cluster';

let cluster: Cluster;
let org: Awaited<ReturnType<Cluster['organisation']>>;
let keyId: string;

beforeAll(async () => {
  cluster = await startCluster({ k: 2, n: 3 });
  ({ org, keyId } = await cluster.organisationWithKey());
}, 180_000);
afterAll(() => cluster.close());

const signs = async (key: string, timeoutMs = 40_000) => {
  const activityId = await org.signature(key);
  await until(async () => {
    await cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
    return (await cluster.record(org.orgId, 'activity', activityId))?.status === 'Released';
  }, timeoutMs);
  return activityId;
};
const options = (node: number) => ({ node, region: 'local', wrapper: fileKeyWrapper(cluster.directory(node)) });
const putInForce = (node: number, kind: 'Renewal' | 'Replacement', enrolment: ReturnType<typeof enrolmentOf>) =>
  org.act('x.replaceCertificate', 'POST', `/x/signers/${node}/certificate`, {
    kind,
    ...(enrolment as unknown as { [name: string]: Json }),
  });
const recordOf = async () => {
  const [found, key] = [
    await cluster.record(org.orgId, 'org', org.orgId),
    await cluster.record(org.orgId, 'key', keyId),
  ];
  if (!found || !key) throw new Error('Not there.');
  return { found, key };
};

test('a node whose store is lost is let in by a governed entry only; old keys go on without it, new ones use it', async () => {
  cluster.stop(3);
  fs.rmSync(cluster.directory(3), { recursive: true });
  const { certificate } = cluster.start(3);
  await until(() => cluster.lines.some((line) => line.includes('other keys than those in force')));
  expect(cluster.coordinator.relay.connected()).toEqual([1, 2]);
  await signs(keyId);

  await putInForce(3, 'Replacement', enrolmentOf(loadIdentity(cluster.directory(3), options(3))));
  await until(() => cluster.coordinator.relay.connected().length === 3, 30_000);
  expect(cluster.coordinator.directory.certificate(3)).toEqual(certificate);
  await cluster.pairsReady();

  const { found, key } = await recordOf();
  expect(holdersOf(found, key)).toEqual([1, 2]);
  await signs(keyId);
  const fresh = await org.key();
  await until(async () => {
    await cluster.coordinator.createKey({ orgId: org.orgId, keyId: fresh });
    return (await cluster.record(org.orgId, 'key', fresh))?.status === 'Active';
  }, 40_000);
  // Only with the new node are there two for the new key.
  cluster.stop(1);
  await signs(fresh);
  cluster.start(1);
  await cluster.connected();
}, 180_000);

test('a request waits for the nodes that hold its key, though enough others are there', async () => {
  cluster.stop(2);
  const activityId = await org.signature(keyId);
  const { found } = await recordOf();
  expect(found.nodes?.[2]?.lostStores).toBe(1);
  await cluster.coordinator.signActivity({ orgId: org.orgId, activityId });
  expect((await cluster.record(org.orgId, 'activity', activityId))?.status).not.toBe('Released');
  cluster.start(2);
  await cluster.connected();
  await signs(keyId);
}, 120_000);

test('a renewed certificate keeps the shares: the node takes it up once it is in force, and peers set up anew with it', async () => {
  let ended: unknown = null;
  cluster.stop(2);
  cluster.start(2, {
    onFatal: (error) => {
      ended = error;
    },
  });
  await cluster.connected();
  const before = cluster.nodes.get(2)?.certificate;
  const next = makeNextIdentity(cluster.directory(2), options(2));
  await putInForce(2, 'Renewal', enrolmentOf(next));
  await until(() => ended !== null, 30_000);
  expect(ended).toBeInstanceOf(IdentityRenewedError);
  cluster.stop(2);
  const { certificate } = cluster.start(2);
  expect(certificate).toEqual(next.certificate);
  expect(certificate.signingKey).not.toBe(before?.signingKey);
  expect(fs.existsSync(path.join(cluster.directory(2), 'identity-next.json'))).toBe(false);
  const key = () => cluster.coordinator.directory.certificate(2)?.signingKey;
  await until(() => key() === certificate.signingKey, 30_000);
  await cluster.pairsReady();
  await signs(keyId);
}, 180_000);
