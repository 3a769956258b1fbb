import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { REGISTRY } from '@/lib/compose/registry';
import { assignmentChangeRequest, permissionChangeRequest } from '@/lib/contract/change-requests';
import { policyChangeRequest } from '@/lib/contract/policies';
import type { Json } from '@/lib/domain/canonical-json';
import { replacement, testNode } from '@/lib/ledger/testing/nodes';
import { get, send, useKnownNodes } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
});
afterAll(() => platform.close());

const aPermission = async (name: string) =>
  (await send(platform, admin, 'POST', '/permissions', { name, operations: ['Wallets:Read'] })).body;

const asks = (activityKind: string, name: string, filters?: unknown) => ({
  name,
  activityKind,
  rule: { kind: 'AlwaysTrigger' },
  action: {
    kind: 'RequestApproval',
    approvalGroups: [{ quorum: 1, approvers: { userId: { in: [admin.userId] } }, initiatorCanApprove: true }],
  },
  ...(filters ? { filters } : {}),
});

describe('permissions', () => {
  test('the managed permission shows the whole catalogue', async () => {
    const { body } = await get(platform, admin, '/permissions');
    const managed = body.items.find((item: { isImmutable: boolean }) => item.isImmutable);
    expect(managed.operations).toEqual(expect.arrayContaining(['Wallets:Create', 'Policies:Update']));
  });

  test('pages come newest first, and the last one names no next', async () => {
    const [first, second] = [await aPermission('First'), await aPermission('Second')];
    const page = (await get(platform, admin, '/permissions?limit=1')).body;
    expect(page.items.map((item: { id: string }) => item.id)).toEqual([second.id]);
    const next = (await get(platform, admin, `/permissions?limit=1&paginationToken=${page.nextPageToken}`)).body;
    expect(next.items[0].id).toBe(first.id);
    expect((await get(platform, admin, '/permissions')).body.nextPageToken).toBeUndefined();
  });

  test('a page token that was tampered with is refused', async () => {
    const { nextPageToken } = (await get(platform, admin, '/permissions?limit=1')).body;
    const path = `/permissions?limit=1&paginationToken=x${nextPageToken}`;
    expect((await platform.call('GET', path, { token: admin.token })).status).toBe(400);
  });

  test('an id of another organisation is not found, like an unknown one', async () => {
    const { id } = await aPermission('Ours');
    for (const path of [`/permissions/${id}`, `/permissions/${id}/assignments`]) {
      const reply = await platform.call('GET', path, { token: stranger.token });
      expect(reply).toMatchObject({ status: 404, body: { error: { details: { permissionId: id } } } });
    }
  });

  test('an archived permission stays in the list', async () => {
    const { id } = await aPermission('Archived');
    await send(platform, admin, 'PUT', `/permissions/${id}/archive`, { isArchived: true });
    const { items } = (await get(platform, admin, '/permissions?limit=500')).body;
    expect(items.find((item: { id: string }) => item.id === id)).toMatchObject({ isArchived: true, status: 'Active' });
  });

  test('an assignment is listed until it is revoked, and revoking answers 204', async () => {
    const { id } = await aPermission('Assigned');
    const assigned = (
      await send(platform, admin, 'POST', `/permissions/${id}/assignments`, { identityId: admin.userId })
    ).body;
    expect((await get(platform, admin, `/permissions/${id}/assignments`)).body.items).toHaveLength(1);
    expect(await send(platform, admin, 'DELETE', `/permissions/${id}/assignments/${assigned.id}`)).toMatchObject({
      status: 204,
      body: null,
    });
    expect((await get(platform, admin, `/permissions/${id}/assignments`)).body.items).toEqual([]);
  });
});

describe('policies', () => {
  test('are listed by status and keep their definition', async () => {
    const definition = asks('Wallets:Sign', 'Always ask');
    const { id } = (await send(platform, admin, 'POST', '/v2/policies', definition)).body;
    expect((await get(platform, admin, `/v2/policies/${id}`)).body).toMatchObject(definition);
    expect((await send(platform, admin, 'DELETE', `/v2/policies/${id}`)).body.status).toBe('Archived');
    const idsOf = async (status: string) =>
      (await get(platform, admin, `/v2/policies?status=${status}`)).body.items.map((item: { id: string }) => item.id);
    expect(await idsOf('Archived')).toContain(id);
    expect(await idsOf('Active')).not.toContain(id);
  });

  test('a policy of another organisation is not found', async () => {
    const { id } = (await send(platform, admin, 'POST', '/v2/policies', asks('Wallets:Sign', 'Other'))).body;
    expect((await platform.call('GET', `/v2/policies/${id}`, { token: stranger.token })).status).toBe(404);
  });
});

describe('what waits for approval', () => {
  test('a governed permission change answers 202 and shows on the permission until it is decided', async () => {
    const { id } = await aPermission('Governed');
    await send(
      platform,
      admin,
      'POST',
      '/v2/policies',
      asks('Permissions:Modify', 'Modify', { permissionId: { in: [id] } }),
    );
    const reply = await send(platform, admin, 'PUT', `/permissions/${id}`, { operations: ['Wallets:Create'] });
    expect(reply.status).toBe(202);
    expect(permissionChangeRequest.safeParse(reply.body).error?.issues).toBeUndefined();
    expect(reply.body.requester).toEqual({ userId: admin.userId });
    const waiting = (await get(platform, admin, `/permissions/${id}`)).body;
    expect(waiting).toMatchObject({ operations: ['Wallets:Read'], pendingChangeRequest: { id: reply.body.id } });

    const { approvalId } = reply.body;
    const approval = (await get(platform, admin, `/v2/policy-approvals/${approvalId}`)).body;
    expect(approval).toMatchObject({
      status: 'Pending',
      activity: { kind: 'Permissions:Modify', changeRequest: { entityId: id } },
    });
    const decided = await send(platform, admin, 'POST', `/v2/policy-approvals/${approvalId}/decisions`, {
      value: 'Approved',
    });
    expect(decided.body).toMatchObject({
      status: 'Approved',
      decisions: [{ userId: admin.userId, value: 'Approved', reason: null }],
    });
    const done = (await get(platform, admin, `/permissions/${id}`)).body;
    expect(done.operations).toEqual(['Wallets:Create']);
    expect(done.pendingChangeRequest).toBeUndefined();
  });

  test('a pending revocation shows on the assignment, a pending assignment only among approvals', async () => {
    const { id } = await aPermission('Watched');
    const assigned = (
      await send(platform, admin, 'POST', `/permissions/${id}/assignments`, { identityId: admin.userId })
    ).body;
    const other = await aPermission('Watched too');
    await send(
      platform,
      admin,
      'POST',
      '/v2/policies',
      asks('Permissions:Assign', 'Assign', { permissionId: { in: [id, other.id] } }),
    );
    const revoking = await send(platform, admin, 'DELETE', `/permissions/${id}/assignments/${assigned.id}`);
    expect(revoking.status).toBe(202);
    expect(assignmentChangeRequest.safeParse(revoking.body).error?.issues).toBeUndefined();
    const [listed] = (await get(platform, admin, `/permissions/${id}/assignments`)).body.items;
    expect(listed.pendingChangeRequest).toMatchObject({ operationKind: 'Delete', id: revoking.body.id });
    const granting = await send(platform, admin, 'POST', `/permissions/${other.id}/assignments`, {
      identityId: admin.userId,
    });
    expect(granting.status).toBe(202);
    expect((await get(platform, admin, `/permissions/${other.id}/assignments`)).body.items).toEqual([]);
    const pending = (await get(platform, admin, '/v2/policy-approvals?status=Pending')).body.items;
    expect(pending.map((item: { id: string }) => item.id)).toContain(granting.body.approvalId);
  });

  test('approvals are found by who may decide and by who asked', async () => {
    const listed = async (filter: string) =>
      (await get(platform, admin, `/v2/policy-approvals?${filter}`)).body.items.length;
    expect(await listed(`approverId=${admin.userId}`)).toBeGreaterThan(0);
    expect(await listed(`approverId=${stranger.userId}`)).toBe(0);
    expect(await listed(`initiatorId=${admin.userId}`)).toBeGreaterThan(0);
    expect(await listed(`initiatorId=${stranger.userId}`)).toBe(0);
  });

  // Last: from here on every change of a policy waits.
  test('a governed policy change answers 202 with the full resulting policy', async () => {
    const policy = (await send(platform, admin, 'POST', '/v2/policies', asks('Wallets:Sign', 'Target'))).body;
    await send(platform, admin, 'POST', '/v2/policies', asks('Policies:Modify', 'Guard'));
    const reply = await send(platform, admin, 'DELETE', `/v2/policies/${policy.id}`);
    expect(reply.status).toBe(202);
    expect(policyChangeRequest.safeParse(reply.body).error?.issues).toBeUndefined();
    expect(reply.body.body).toMatchObject({ id: policy.id, name: 'Target', status: 'Archived' });
    expect((await get(platform, admin, `/v2/policies/${policy.id}`)).body.pendingChangeRequest.id).toBe(reply.body.id);
  });
});

test('freeze answers with the state, and is seen on the organisation', async () => {
  expect((await send(platform, stranger, 'POST', '/x/freeze')).body).toMatchObject({ frozen: true });
  expect((await get(platform, stranger, '/x/organisation')).body).toMatchObject({
    id: stranger.orgId,
    frozen: true,
    confirmed: true,
  });
  expect((await send(platform, stranger, 'POST', '/x/unfreeze')).body).toMatchObject({ frozen: false });
});

test('vouching is required for good from then on, and seen on the organisation', async () => {
  const ask = () => send(platform, stranger, 'POST', '/x/enrolment', { enrolment: 'vouched' });
  expect((await send(platform, stranger, 'POST', '/x/enrolment', { enrolment: 'server' })).status).toBe(400);
  expect((await ask()).body).toMatchObject({ enrolment: 'vouched' });
  expect((await get(platform, stranger, '/x/organisation')).body).toMatchObject({ enrolment: 'vouched' });
  expect(await ask()).toMatchObject({ status: 409 });
});

test('another certificate of a signer is put in force by a signed request, and seen with both fingerprints', async () => {
  const next = testNode(2, 'new');
  const ask = (body: object) => send(platform, stranger, 'POST', '/x/signers/2/certificate', body);
  const wish = replacement(next) as { readonly [name: string]: Json };
  expect((await ask({ ...wish, certificate: { ...next.certificate, name: 'x' } })).status).toBe(400);
  expect((await ask({ ...wish, proof: '00'.repeat(64) })).body).toMatchObject({
    error: { details: { code: 'node.proof' } },
  });
  expect((await get(platform, stranger, '/x/signers')).body.items[1]).toMatchObject({ lostStores: 0, pending: null });
  expect(await ask(wish)).toMatchObject({ status: 200, body: { certificate: next.certificate, lostStores: 1 } });
  expect((await get(platform, stranger, '/x/signers')).body.items[1]).toMatchObject({
    fingerprint: nodeFingerprint(next.certificate.signingKey),
    certificate: next.certificate,
    lostStores: 1,
    connected: false,
  });
  const { nodes, genesisNodes } = (await get(platform, stranger, '/x/ledger/checkpoints')).body;
  expect(nodes[1]).toEqual(next.certificate);
  expect(genesisNodes[1]).not.toEqual(next.certificate);
  // In force already.
  expect((await ask(wish)).status).toBe(409);
});
