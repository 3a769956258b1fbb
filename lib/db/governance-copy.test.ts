import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { send, useKnownNodes } from '@/lib/http/testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from '@/lib/http/testing/platform';
import type { OrgState } from '@/lib/ledger/state';
import { type GovernanceCopies, readGovernance } from './governance-copy';
import { GOVERNANCE_KINDS, governanceAt } from './governance-history';
import { pgSql } from './sql';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const sql = () => pgSql(platform.services.db.pool);
const contents = (state: OrgState) =>
  Object.fromEntries(GOVERNANCE_KINDS.map((kind) => [kind, [...state.tables[kind].values()]]));
const aRole = async (name: string): Promise<string> =>
  (await send(platform, admin, 'POST', '/permissions', { name, operations: ['Wallets:Read'] })).body.id;

test('a copy brought up to date is what reading everything anew gives, after every change', async () => {
  const copies: GovernanceCopies = new Map();
  const isCurrent = async () => {
    const kept = contents(await readGovernance(sql(), admin.orgId, copies));
    expect(kept).toEqual(contents(await readGovernance(sql(), admin.orgId, new Map())));
    return kept;
  };
  await isCurrent();
  const id = await aRole('Kept');
  await isCurrent();
  await send(platform, admin, 'PUT', `/permissions/${id}`, { operations: ['Keys:Read'] });
  await isCurrent();
  const held = await send(platform, admin, 'POST', `/permissions/${id}/assignments`, { identityId: admin.userId });
  await isCurrent();
  await send(platform, admin, 'DELETE', `/permissions/${id}/assignments/${held.body.id}`);
  await isCurrent();
  const policy = await send(platform, admin, 'POST', '/v2/policies', {
    name: 'Ask',
    activityKind: 'Permissions:Modify',
    rule: { kind: 'AlwaysTrigger' },
    action: {
      kind: 'RequestApproval',
      approvalGroups: [{ quorum: 1, approvers: { userId: { in: [admin.userId] } }, initiatorCanApprove: true }],
    },
    filters: { permissionId: { in: [id] } },
  });
  await isCurrent();
  const waiting = await send(platform, admin, 'PUT', `/permissions/${id}`, { operations: ['Wallets:Create'] });
  expect(waiting.status).toBe(202);
  expect((await isCurrent()).changeRequest).toHaveLength(1);
  await send(platform, admin, 'POST', `/v2/policy-approvals/${waiting.body.approvalId}/decisions`, {
    value: 'Approved',
  });
  const decided = await isCurrent();
  expect(decided.changeRequest).toHaveLength(0);
  expect(decided.permission?.find((item) => item.id === id)).toMatchObject({ operations: ['Wallets:Create'] });
  expect(policy.status).toBe(200);
});

test('asking for an organisation that is not there leaves nothing in memory', async () => {
  const copies: GovernanceCopies = new Map();
  expect((await readGovernance(sql(), 'or-nobody-knows-it', copies)).tables.user.size).toBe(0);
  expect(copies.size).toBe(0);
});

test('two requests that bring one copy up to date at once leave it right', async () => {
  const copies: GovernanceCopies = new Map();
  await readGovernance(sql(), admin.orgId, copies);
  const id = await aRole('Raced');
  for (const operations of [['Keys:Read'], ['Wallets:Create'], ['Keys:Create']]) {
    await send(platform, admin, 'PUT', `/permissions/${id}`, { operations });
    const states = await Promise.all([1, 2, 3].map(() => readGovernance(sql(), admin.orgId, copies)));
    for (const state of states) expect(state.tables.permission.get(id)?.operations).toEqual(operations);
  }
});

test('governance at a past moment is what stood then', async () => {
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const id = await aRole('Later');
  const at = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await send(platform, admin, 'PUT', `/permissions/${id}`, { operations: ['Keys:Create'] });
  const roleAt = async (moment: number) =>
    (await governanceAt(sql(), admin.orgId, moment))?.rows.find(({ record }) => record.id === id)?.record;
  expect(await roleAt(before)).toBeUndefined();
  expect(await roleAt(at)).toMatchObject({ operations: ['Wallets:Read'] });
  expect(await roleAt(Date.now())).toMatchObject({ operations: ['Keys:Create'] });
  expect(await governanceAt(sql(), admin.orgId, 0)).toBeNull();
});
