import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import { REGISTRY } from '@/lib/compose/registry';
import { verifyEvidence } from '@/lib/evidence/activity-evidence/verify';
import { type DealtKey, dealKey } from '@/lib/ledger/testing/nodes';
import { chain, get, NODES, send, useKnownNodes } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
let keyId = '';
let dealt: DealtKey;

/** The id of a record of that kind and status, once there is one. */
const found = async (kind: string, status: string): Promise<string> => {
  for (;;) {
    const { rows } = await platform.services.db.pool.query(
      "SELECT id FROM ledger_records WHERE org_id = $1 AND kind = $2 AND record->>'status' = $3",
      [admin.orgId, kind, status],
    );
    if (rows[0]) return rows[0].id;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** What coordinator and nodes do with a new key. */
const certify = async (): Promise<void> => {
  const id = await found('key', 'Creating');
  dealt = dealKey(id, 3, NODES, 'evidence');
  await append('keyCertificate', { keyId: id, certificate: dealt.certificate });
};

/** What they do with a request that is approved; a thief of the database could not do less. */
const signHash = async (digest: string): Promise<void> => {
  const activityId = await found('activity', 'Approved');
  await append('reserve', { activityId, pin: { digest }, digest, unsigned: digest, attempt: 0 });
  await append('release', { activityId, digest, signature: dealt.sign(digest) });
};

/** Asks for a signature over a hash, which the test's nodes make at once. @returns the id of the request. */
const signed = async (hash: string): Promise<string> => {
  const body = { kind: 'Hash', hash: `0x${hash}`, network: 'KeyECDSA' };
  const [asked] = await Promise.all([send(platform, admin, 'POST', `/keys/${keyId}/signatures`, body), signHash(hash)]);
  if (asked.status !== 200) throw new Error(JSON.stringify(asked.body));
  return asked.body.id;
};

const append = async (kind: 'keyCertificate' | 'reserve' | 'release', body: object): Promise<void> => {
  const { ledger } = platform.services;
  const outcome = await ledger.append({ orgId: admin.orgId, kind, body: body as never, effects: {} });
  if (!outcome.ok) throw new Error(`${kind}: ${outcome.refusal.message}`);
};

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  const [made] = await Promise.all([
    send(platform, admin, 'POST', '/keys', { scheme: 'ECDSA', curve: 'secp256k1' }),
    certify(),
  ]);
  keyId = made.body.id;
});
afterAll(() => platform.close());

test('evidence is a file with its exact bytes, of names and the fingerprint that the API shows', async () => {
  const path = `/x/activities/${await signed('ab'.repeat(32))}/evidence`;
  await chain(platform);
  await get(platform, admin, path);
  const answer = await platform.app.request(`http://localhost:3000${path}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  expect(answer.headers.get('content-type')).toBe('application/json');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { fingerprint } = (await get(platform, admin, '/x/organisation')).body;
  const verdict = verifyEvidence(bytes, LEDGER_PORTS, { genesis: fingerprint });
  expect(verdict.checks.map(({ words }) => words).join('\n')).toContain(`of ${admin.username} (${admin.userId})`);
  // This test signed without the nodes' checkpoint: evidence says so, although the API calls the request signed.
  expect(verdict.failure).toMatchObject({ name: 'witnessed' });
});

test('a request that is not chained yet, one of others, and one nobody made have no evidence', async () => {
  const path = `/x/activities/${await signed('cd'.repeat(32))}/evidence`;
  expect(await platform.call('GET', path, { token: admin.token })).toMatchObject({ status: 409 });
  await chain(platform);
  expect((await platform.call('GET', path, { token: admin.token })).status).toBe(200);
  expect((await platform.call('GET', path, { token: stranger.token })).status).toBe(404);
  expect((await platform.call('GET', '/x/activities/sig-none/evidence', { token: admin.token })).status).toBe(404);
  expect((await platform.call('GET', path)).status).toBe(401);
});
