import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { get, send, useKnownNodes } from './testing/checked';
import { keepMakingKeys } from './testing/key-maker';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const BOB = '0x00000000000000000000000000000000000000bb';
let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
let walletId: string;
let policyId: string;

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  const stop = keepMakingKeys(platform, admin.orgId);
  walletId = (await send(platform, admin, 'POST', '/wallets', { network: 'EthereumSepolia' })).body.id;
  await stop();
  policyId = (await send(platform, admin, 'POST', '/v2/policies', listed('known', []))).body.id;
});
afterAll(() => platform.close());

const listed = (name: string, addresses: readonly string[]) => ({
  name,
  activityKind: 'Wallets:Sign',
  rule: { kind: 'TransactionRecipientWhitelist', configuration: { addresses } },
  action: { kind: 'Block' },
});
const transfer = (amount = '5') => ({ kind: 'Native', to: BOB, amount });
const simulate = (person: TestPerson, body: object) =>
  platform.call('POST', '/x/policies/simulate', { token: person.token, body });
const countOf = async (): Promise<string> =>
  (
    await platform.services.db.pool.query(
      'SELECT (SELECT count(*) FROM ledger_leaves) + (SELECT count(*) FROM ledger_records) AS n',
    )
  ).rows[0].n;

test('a dry run tells what the request would be told, and stores nothing', async () => {
  const before = await countOf();
  const tried = await simulate(admin, { kind: 'Transfer', walletId, body: transfer() });
  expect(tried).toMatchObject({ status: 200, body: { outcome: 'Block', decidedBy: [policyId] } });
  expect(await countOf()).toBe(before);
  const asked = await send(platform, admin, 'POST', `/wallets/${walletId}/transfers`, transfer());
  expect(asked).toMatchObject({ status: 403 });
  expect(asked.body.error.details.decision).toEqual(tried.body);
  const { requestId } = asked.body.error.details;
  const { body } = await get(platform, admin, `/x/activities/${requestId}/decision`);
  expect(body).toMatchObject({
    outcome: 'Block',
    decidedBy: [policyId],
    policies: [{ policyId, name: 'known', triggered: true, compared: { what: 'recipient', limit: '0 listed' } }],
  });
});

test('a dry run of a change of policies, of nothing that exists, and of what no request could be', async () => {
  expect(await simulate(admin, { kind: 'Policies:Modify', policyId })).toMatchObject({ body: { outcome: 'Allow' } });
  expect((await simulate(admin, { kind: 'Policies:Modify', policyId: 'plc-none' })).status).toBe(404);
  expect((await simulate(admin, { kind: 'Transfer', walletId, body: { kind: 'Native', to: BOB } })).status).toBe(400);
  expect((await simulate(stranger, { kind: 'Transfer', walletId, body: transfer() })).status).toBe(404);
});

test('a dry run takes a definition that is not in force yet in place of the policy it names, or beside the others', async () => {
  const definition = listed('known', [BOB]);
  const instead = await simulate(admin, {
    kind: 'Transfer',
    walletId,
    body: transfer(),
    draft: { policyId, definition },
  });
  expect(instead.body).toMatchObject({ outcome: 'Allow', policies: [{ policyId, triggered: false }] });
  const beside = await simulate(admin, { kind: 'Transfer', walletId, body: transfer(), draft: { definition } });
  expect(beside.body).toMatchObject({ outcome: 'Block', decidedBy: [policyId] });
  const asked = beside.body.policies.map((policy: { policyId: string }) => policy.policyId);
  expect(asked.sort()).toEqual(['draft', policyId].sort());
  const wrong = { ...definition, activityKind: 'Policies:Modify' };
  expect(
    (await simulate(admin, { kind: 'Transfer', walletId, body: transfer(), draft: { definition: wrong } })).status,
  ).toBe(400);
});

test('every version of a policy is listed with what it changed', async () => {
  await send(platform, admin, 'PUT', `/v2/policies/${policyId}`, listed('known people', [BOB]));
  const { body } = await get(platform, admin, `/x/policies/${policyId}/versions`);
  expect(body.items).toHaveLength(2);
  expect(body.items[0]).toMatchObject({
    current: true,
    changedBy: admin.userId,
    changes: [
      { path: 'name', before: 'known', after: 'known people' },
      { path: 'rule.configuration.addresses', before: [], after: [BOB] },
    ],
  });
  expect(body.items[1]).toMatchObject({ current: false, changes: [], policy: { name: 'known' } });
  const page = (await get(platform, admin, `/x/policies/${policyId}/versions?limit=1`)).body;
  const path = `/x/policies/${policyId}/versions?limit=1&paginationToken=${page.nextPageToken}`;
  expect((await get(platform, admin, path)).body.items[0]).toMatchObject({ policy: { name: 'known' } });
  expect((await platform.call('GET', `/x/policies/${policyId}/versions`, { token: stranger.token })).status).toBe(404);
});

test('a decision made under an earlier version is told under that version', async () => {
  const { body } = await get(platform, admin, '/x/activities');
  const { id } = body.items[0];
  const decision = (await get(platform, admin, `/x/activities/${id}/decision`)).body;
  expect(decision.policies[0]).toMatchObject({ name: 'known', rule: 'TransactionRecipientWhitelist' });
});
