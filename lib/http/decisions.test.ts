import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { TRIED_BY } from '@/lib/contract/decisions';
import { OPERATIONS } from '@/lib/contract/table';
import { newId } from '@/lib/domain/ids';
import { get, send, useKnownNodes } from './testing/checked';
import { keepMakingKeys } from './testing/key-maker';
import { aMember } from './testing/members';
import { newPerson } from './testing/new-person';
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

test('one trace everywhere: dry run, answer, repeated answer and record name the policies that leave the request out too', async () => {
  const filters = { walletId: { in: ['wa-elsewhere'] } };
  const other = await send(platform, admin, 'POST', '/v2/policies', { ...listed('elsewhere', []), filters });
  const request = { ...transfer(), externalId: 'order 1' };
  const tried = await simulate(admin, { kind: 'Transfer', walletId, body: request });
  expect(tried.body.policies).toContainEqual(
    expect.objectContaining({ policyId: other.body.id, applies: false, triggered: false }),
  );
  const path = `/wallets/${walletId}/transfers`;
  const { error } = (await send(platform, admin, 'POST', path, request)).body;
  expect(error.details.decision).toEqual(tried.body);
  const recorded = await get(platform, admin, `/x/activities/${error.details.requestId}/decision`);
  expect(recorded.body).toEqual(tried.body);
  await send(platform, admin, 'DELETE', `/v2/policies/${other.body.id}`);
  const again = await send(platform, admin, 'POST', path, request);
  expect([again.status, again.body.error.details]).toEqual([403, error.details]);
  expect((await get(platform, admin, `/x/activities/${error.details.requestId}/decision`)).body).toEqual(tried.body);
});

test('a dry run of a change of policies, of nothing that exists, and of what no request could be', async () => {
  expect(await simulate(admin, { kind: 'Policies:Modify', policyId })).toMatchObject({ body: { outcome: 'Allow' } });
  expect((await simulate(admin, { kind: 'Policies:Modify', policyId: 'plc-none' })).status).toBe(404);
  // Un-freeze, settings, vouching, tags and node certificates: of no policy.
  expect(await simulate(admin, { kind: 'Policies:Modify' })).toMatchObject({ status: 200, body: { outcome: 'Allow' } });
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

test('a dry run of a velocity policy that is not in force yet counts the windows it would look at', async () => {
  const outcomeOf = async (limit: number, kind: 'Block' | 'NoAction') => {
    const rule = { kind: 'TransactionCountVelocity', configuration: { limit, timeframe: 77 } };
    const definition = { name: 'velocity', activityKind: 'Wallets:Sign', rule, action: { kind } };
    const draft = { policyId, definition };
    const { body } = await simulate(admin, { kind: 'Transfer', walletId, body: transfer(), draft });
    return [body.outcome, ...body.policies.map((policy: { reason: string }) => policy.reason)];
  };
  const within = 'Number of transactions (0) is not above limit (1).';
  expect(await outcomeOf(1, 'Block')).toEqual(['Allow', within]);
  expect(await outcomeOf(1, 'NoAction')).toEqual(['Allow', within]);
});

test('who may make a request may try it without reading policies, and nothing else', async () => {
  const sender = await newPerson(platform, admin);
  const attempt = (body: object) => simulate(sender, body);
  const request = { kind: 'Transfer', walletId, body: transfer() };
  expect((await attempt(request)).status).toBe(403);
  const { body: role } = await send(platform, admin, 'POST', '/permissions', {
    name: 'senders',
    operations: ['Wallets:Transfers:Create'],
  });
  await send(platform, admin, 'POST', `/permissions/${role.id}/assignments`, { identityId: sender.userId });
  const tried = await attempt(request);
  expect(tried).toMatchObject({ status: 200, body: { outcome: 'Block', decidedBy: [policyId], groups: [] } });
  expect(tried.body).toEqual((await simulate(admin, request)).body);
  const draft = { definition: listed('known', [BOB]) };
  expect((await attempt({ ...request, draft })).status).toBe(403);
  expect((await attempt({ kind: 'Policies:Modify', policyId })).status).toBe(403);
  expect((await attempt({ kind: 'Signature', walletId, body: { kind: 'Message', message: '0x00' } })).status).toBe(403);
});

test('every change that policies govern can be tried by whoever may ask for it', () => {
  const governed = OPERATIONS.filter((operation) => operation.mayAnswer202).map((operation) => operation.id);
  expect(Object.values(TRIED_BY).flat()).toEqual(expect.arrayContaining(governed));
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
  const told = decision.policies.find((policy: { policyId: string }) => policy.policyId === policyId);
  expect(told).toMatchObject({ name: 'known', rule: 'TransactionRecipientWhitelist' });
});

const withApprovers = (approvers: readonly string[], quorum: number, more: object = {}) => ({
  name: 'asks',
  activityKind: 'Wallets:Sign',
  rule: { kind: 'AlwaysTrigger' },
  action: {
    kind: 'RequestApproval',
    approvalGroups: [{ quorum, approvers: approvers.length > 0 ? { userId: { in: approvers } } : {} }],
    ...more,
  },
});

test('a policy is checked for people before it is made, and an approval says that nobody is left to give it', async () => {
  const check = (body: object) => platform.call('POST', '/x/policies/check', { token: admin.token, body });
  expect((await check(withApprovers([], 1))).body).toMatchObject({
    groups: [{ required: 1, available: 0, isReachable: false }],
    warnings: [expect.stringContaining('would wait for ever')],
  });
  await send(platform, admin, 'PUT', `/v2/policies/${policyId}`, listed('known people', [BOB]));
  const asking = await send(platform, admin, 'POST', '/v2/policies', withApprovers([], 1, { minimumDelay: 60 }));
  const asked = (await send(platform, admin, 'POST', `/wallets/${walletId}/transfers`, transfer())).body;
  const standing = (await get(platform, admin, `/x/policy-approvals/${asked.approvalId}/standing`)).body;
  expect(standing).toMatchObject({
    status: 'Pending',
    isReachable: false,
    groups: [{ policyId: asking.body.id, openSeats: 1, awaited: [], isReachable: false }],
    warnings: [expect.stringContaining("it can't be approved as things stand")],
    reminders: { sent: 0 },
    changes: [],
  });
  expect(Date.parse(standing.notBefore) - Date.parse(asked.dateRequested)).toBe(3_600_000);
  const queue = (await get(platform, admin, '/x/policy-approvals/standings')).body;
  expect(queue.items.map((item: { approvalId: string }) => item.approvalId)).toEqual([asked.approvalId]);
  expect(
    (await platform.call('GET', `/x/policy-approvals/${asked.approvalId}/standing`, { token: stranger.token })).status,
  ).toBe(404);
});

test('who asked takes a request back and asks again for it', async () => {
  const [{ approvalId }] = (await get(platform, admin, '/x/policy-approvals/standings')).body.items;
  const former = (await get(platform, admin, `/v2/policy-approvals/${approvalId}`)).body.activity.transferRequest;
  const abort = await send(platform, admin, 'POST', `/x/activities/${former.id}/abort`);
  expect(abort).toMatchObject({ status: 200, body: { id: former.id, status: 'Rejected' } });
  expect((await send(platform, admin, 'PUT', `/wallets/${walletId}/transfers/${former.id}/abort`)).status).toBe(409);
  const path = `/x/wallets/${walletId}/transfers/${former.id}/recreate`;
  const again = await send(platform, admin, 'POST', path, transfer());
  expect(again).toMatchObject({ status: 200, body: { status: 'Pending' } });
  expect((await get(platform, admin, `/x/activities/${again.body.id}`)).body).toMatchObject({ recreates: former.id });
});

test('a pending change of a policy says field by field what it would alter, and is taken back by who asked', async () => {
  const second = await newPerson(platform, admin);
  const { body: role } = await send(platform, admin, 'POST', '/permissions', {
    name: 'approvers',
    operations: ['Policies:Approvals:Approve'],
  });
  await send(platform, admin, 'POST', `/permissions/${role.id}/assignments`, { identityId: second.userId });
  const governing = { ...withApprovers([admin.userId, second.userId], 1), activityKind: 'Policies:Modify' };
  await send(platform, admin, 'POST', '/v2/policies', governing);
  const change = await send(platform, admin, 'PUT', `/v2/policies/${policyId}`, listed('renamed', [BOB]));
  expect(change.status).toBe(202);
  const standing = (await get(platform, admin, `/x/policy-approvals/${change.body.approvalId}/standing`)).body;
  expect(standing).toMatchObject({
    isReachable: true,
    changes: [{ path: 'name', before: 'known people', after: 'renamed' }],
    groups: [{ awaited: [second.userId] }],
  });
  const cancel = await send(platform, admin, 'POST', `/x/change-requests/${change.body.id}/cancel`);
  expect(cancel).toMatchObject({ status: 200, body: { status: 'Rejected' } });
  const { body: handed } = await send(platform, admin, 'POST', '/x/delegations', {
    toUserId: second.userId,
    until: new Date(platform.services.now() + 3_600_000).toISOString(),
  });
  expect(handed).toMatchObject({ userId: admin.userId, toUserId: second.userId, status: 'Active' });
  expect((await get(platform, second, '/x/delegations')).body.items).toEqual([handed]);
  expect((await send(platform, admin, 'DELETE', `/x/delegations/${handed.id}`)).body.status).toBe('Revoked');
});

test('an organisation says when its approvers are reminded', async () => {
  expect((await get(platform, admin, '/x/organisation/reminders')).body).toEqual({ everyMinutes: 1440, atMost: 3 });
  const schedule = { everyMinutes: 60, atMost: 1 };
  expect((await send(platform, admin, 'PUT', '/x/organisation/reminders', schedule)).body).toEqual(schedule);
  expect((await get(platform, admin, '/x/organisation/reminders')).body).toEqual(schedule);
  expect((await get(platform, stranger, '/x/organisation/reminders')).body).toEqual({ everyMinutes: 1440, atMost: 3 });
});

const anybodyElse = (activityKind: string) => ({ ...withApprovers([], 1), activityKind, name: `asks ${activityKind}` });
const blocking = (activityKind: string) => ({
  ...withApprovers([], 1),
  activityKind,
  name: `blocks ${activityKind}`,
  action: { kind: 'Block' },
});

/** An organisation with a wallet of its own, so that no policy of other tests has a say. */
const anotherOrganisation = async () => {
  const owner = await anOrganisation(platform);
  const stop = keepMakingKeys(platform, owner.orgId);
  const wallet = (await send(platform, owner, 'POST', '/wallets', { network: 'EthereumSepolia' })).body.id;
  await stop();
  return { owner, wallet };
};

test('a request that policies judged again says why it stands where it stands, and what they said before', async () => {
  const { owner, wallet } = await anotherOrganisation();
  const { id } = (await send(platform, owner, 'POST', `/wallets/${wallet}/transfers`, transfer())).body;
  const read = async () => ({
    decision: (await get(platform, owner, `/x/activities/${id}/decision`)).body,
    story: (await get(platform, owner, `/x/activities/${id}`)).body,
  });
  expect((await read()).decision).toMatchObject({ outcome: 'Allow', policies: [] });
  const asking = (await send(platform, owner, 'POST', '/v2/policies', anybodyElse('Wallets:Sign'))).body;
  const approvalId = newId('approval', (length) => new Uint8Array(randomBytes(length)));
  const { ledger } = platform.services;
  const entry = { orgId: owner.orgId, body: { activityId: id } };
  expect(await ledger.append({ ...entry, kind: 'reopen', effects: { approvalId } })).toMatchObject({ ok: true });
  const reopened = await read();
  expect(reopened.decision).toMatchObject({ outcome: 'RequestApproval', decidedBy: [asking.id] });
  expect(reopened.story).toMatchObject({
    status: 'Pending',
    evaluations: [{ policyId: asking.id, triggered: true }],
    former: [{ evaluations: [] }],
  });
  expect(reopened.story.timeline.map((step: { what: string }) => step.what)).toEqual([
    'requested',
    'evaluated: 0 of 0 policies triggered',
    'reopened',
    'evaluated: 1 of 1 policies triggered',
  ]);
  const second = await newPerson(platform, owner);
  const role = (
    await send(platform, owner, 'POST', '/permissions', { name: 'a', operations: ['Policies:Approvals:Approve'] })
  ).body;
  await send(platform, owner, 'POST', `/permissions/${role.id}/assignments`, { identityId: second.userId });
  await send(platform, second, 'POST', `/v2/policy-approvals/${approvalId}/decisions`, { value: 'Approved' });
  const stopping = (await send(platform, owner, 'POST', '/v2/policies', blocking('Wallets:Sign'))).body;
  expect(await ledger.append({ ...entry, kind: 'reject', effects: {} })).toMatchObject({ ok: true });
  const jobs = await platform.services.db.pool.query("SELECT name FROM jobs WHERE payload->>'orgId' = $1", [
    owner.orgId,
  ]);
  expect(jobs.rows.map((row) => row.name)).toEqual(expect.arrayContaining(['ask-approvers', 'mail-request']));
  const rejected = await read();
  expect(rejected.decision).toMatchObject({ outcome: 'Block', decidedBy: [stopping.id] });
  expect(rejected.decision.policies.map((one: { name: string }) => one.name).sort()).toEqual([
    'asks Wallets:Sign',
    'blocks Wallets:Sign',
  ]);
  expect(rejected.story).toMatchObject({ status: 'Rejected', former: [{ evaluations: [] }, {}] });
  expect(rejected.story.former[1].evaluations).toEqual(reopened.story.evaluations);
});

test('a change of governance says which policies judged it, also once it was blocked', async () => {
  const { owner } = await anotherOrganisation();
  const role = (await send(platform, owner, 'POST', '/permissions', { name: 'r', operations: ['Wallets:Read'] })).body;
  const stop = { ...blocking('Permissions:Assign'), filters: { permissionId: { in: [role.id] } } };
  const stopping = (await send(platform, owner, 'POST', '/v2/policies', stop)).body;
  const grant = { identityId: owner.userId };
  const refused = await send(platform, owner, 'POST', `/permissions/${role.id}/assignments`, grant);
  expect(refused).toMatchObject({ status: 403 });
  const { requestId, decision } = refused.body.error.details;
  expect((await get(platform, owner, `/x/activities/${requestId}/decision`)).body).toEqual(decision);
  expect(decision).toMatchObject({ outcome: 'Block', decidedBy: [stopping.id] });
  const { body } = await get(platform, owner, `/x/change-requests/${requestId}`);
  expect(body).toMatchObject({ evaluations: [{ policyId: stopping.id, triggered: true }] });
  const asked = await platform.call('GET', `/x/activities/${requestId}/decision`, { token: stranger.token });
  expect(asked.status).toBe(404);
});

test('a change that others approved is told as that of who asked, and is asked for once at a time', async () => {
  const { owner } = await anotherOrganisation();
  const { id: policy } = (await send(platform, owner, 'POST', '/v2/policies', listed('known', []))).body;
  const second = await aMember(platform, owner, ['Policies:Approvals:Approve']);
  const { id: role } = (
    await send(platform, owner, 'POST', '/permissions', { name: 'readers', operations: ['Wallets:Read'] })
  ).body;
  const asks = withApprovers([owner.userId, second.userId], 1);
  for (const activityKind of ['Policies:Modify', 'Permissions:Assign'])
    expect((await send(platform, owner, 'POST', '/v2/policies', { ...asks, activityKind })).status).toBe(200);
  const change = await send(platform, owner, 'PUT', `/v2/policies/${policy}`, listed('renamed', [BOB]));
  expect(change.status).toBe(202);
  const { approvalId } = change.body;
  await send(platform, second, 'POST', `/v2/policy-approvals/${approvalId}/decisions`, { value: 'Approved' });
  const { body } = await get(platform, owner, `/x/policies/${policy}/versions`);
  expect(body.items).toMatchObject([
    { policy: { name: 'renamed' }, changedBy: owner.userId },
    { policy: { name: 'known' }, changedBy: owner.userId },
  ]);
  const told = (await get(platform, owner, `/x/activities/${change.body.id}/decision`)).body;
  expect(told).toMatchObject({ outcome: 'RequestApproval', policies: [{ name: 'asks', triggered: true }] });
  const grant = (identityId: string) =>
    send(platform, owner, 'POST', `/permissions/${role}/assignments`, { identityId });
  const first = await grant(second.userId);
  expect(first.status).toBe(202);
  expect(await grant(second.userId)).toMatchObject({
    status: 409,
    body: { error: { details: { changeRequestId: first.body.id } } },
  });
  expect((await grant(owner.userId)).status).not.toBe(409);
});
