import { PolicyPendingError } from '@dfns/sdk';
import { beforeAll, expect, test } from 'vitest';
import { newKeyCredential } from '../support/key-credential';
import type { Person } from '../support/person';
import { invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
let bob: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
  bob = await invite(system, admin, ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Policies:Read']);
});

type PolicyBody = Parameters<Person['client']['policies']['createPolicy']>[0]['body'];
const blockAll = (name: string): PolicyBody =>
  ({
    name,
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger', configuration: {} },
    action: { kind: 'Block' },
  }) as PolicyBody;
const askBob = (name: string, activityKind: string): PolicyBody =>
  ({
    name,
    activityKind,
    rule: { kind: 'AlwaysTrigger', configuration: {} },
    action: {
      kind: 'RequestApproval',
      approvalGroups: [{ name: 'Bob', quorum: 1, approvers: { userId: { in: [bob.userId, admin.userId] } } }],
    },
  }) as unknown as PolicyBody;

test('a policy is created, read, listed, replaced and archived', async () => {
  const made = await admin.client.policies.createPolicy({ body: blockAll('Stop') });
  expect(made).toMatchObject({ id: expect.stringMatching(/^plc-/), status: 'Active', name: 'Stop' });
  expect(await admin.client.policies.getPolicy({ policyId: made.id })).toMatchObject({ id: made.id });
  expect((await admin.client.policies.updatePolicy({ policyId: made.id, body: blockAll('Stop all') })).name).toBe(
    'Stop all',
  );
  expect((await admin.client.policies.archivePolicy({ policyId: made.id })).status).toBe('Archived');
  const archived = await admin.client.policies.listPolicies({ query: { status: 'Archived' } });
  expect(archived.items.map((item) => item.id)).toContain(made.id);
  const active = await admin.client.policies.listPolicies({ query: { status: 'Active' } });
  expect(active.items.map((item) => item.id)).not.toContain(made.id);
});

test('unknown approvers, unreachable quorums and forbidden combinations are refused', async () => {
  const group = (quorum: number, ids: string[]) => ({ quorum, approvers: { userId: { in: ids } } });
  const policy = (approvalGroups: unknown, activityKind = 'Wallets:Sign') =>
    admin.client.policies.createPolicy({
      body: { ...blockAll('x'), activityKind, action: { kind: 'RequestApproval', approvalGroups } } as never,
    });
  await expect(policy([group(1, ['us-00000-00000-0000000000000000'])])).rejects.toMatchObject({ httpStatus: 400 });
  await expect(policy([group(2, [bob.userId])])).rejects.toMatchObject({ httpStatus: 400 });
  await expect(policy([group(0, [bob.userId])])).rejects.toMatchObject({ httpStatus: 400 });
  await expect(policy([])).rejects.toMatchObject({ httpStatus: 400 });
  await expect(
    admin.client.policies.createPolicy({ body: { ...blockAll('x'), activityKind: 'Policies:Modify' } as never }),
  ).rejects.toMatchObject({ httpStatus: 400 });
});

test('a change of a governed permission waits for its approval, then applies', async () => {
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Governed ${Date.now()}`, operations: ['Wallets:Read'] },
  });
  const policy = await admin.client.policies.createPolicy({
    body: {
      ...askBob('Roles are governed', 'Permissions:Modify'),
      filters: { permissionId: { in: [permission.id] } },
    } as PolicyBody,
  });
  const refusal = await admin.client.permissions
    .updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } })
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PolicyPendingError);
  const change = (refusal as PolicyPendingError).context as {
    id: string;
    approvalId: string;
    status: string;
    kind: string;
    operationKind: string;
  };
  expect(change).toMatchObject({
    id: expect.stringMatching(/^cr-/),
    kind: 'Permission',
    operationKind: 'Update',
    status: 'Pending',
  });
  const waiting = await admin.client.permissions.getPermission({ permissionId: permission.id });
  expect(waiting.operations).toEqual(['Wallets:Read']);
  expect((waiting as { pendingChangeRequest?: { id: string } }).pendingChangeRequest?.id).toBe(change.id);
  await expect(
    admin.client.permissions.archivePermission({ permissionId: permission.id, body: { isArchived: true } }),
  ).rejects.toMatchObject({ httpStatus: 409 });
  const approval = await bob.client.policies.getApproval({ approvalId: change.approvalId });
  expect(approval).toMatchObject({
    status: 'Pending',
    initiatorId: admin.userId,
    activity: { kind: 'Permissions:Modify' },
  });
  const decided = await bob.client.policies.createApprovalDecision({
    approvalId: change.approvalId,
    body: { value: 'Approved' },
  });
  expect(decided).toMatchObject({
    status: 'Approved',
    decisions: [{ userId: bob.userId, value: 'Approved', reason: null }],
  });
  expect((await admin.client.permissions.getPermission({ permissionId: permission.id })).operations).toEqual([
    'Keys:Read',
  ]);
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a denied change leaves everything as it was', async () => {
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Denied ${Date.now()}`, operations: ['Wallets:Read'] },
  });
  const policy = await admin.client.policies.createPolicy({
    body: { ...askBob('Ask', 'Permissions:Modify'), filters: { permissionId: { in: [permission.id] } } } as PolicyBody,
  });
  const pending = (await admin.client.permissions
    .updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } })
    .catch((error: unknown) => error)) as PolicyPendingError;
  const { approvalId } = pending.context as { approvalId: string };
  const denied = await bob.client.policies.createApprovalDecision({
    approvalId,
    body: { value: 'Denied', reason: 'no' },
  });
  expect(denied.status).toBe('Denied');
  expect((await admin.client.permissions.getPermission({ permissionId: permission.id })).operations).toEqual([
    'Wallets:Read',
  ]);
  await expect(
    bob.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } }),
  ).rejects.toMatchObject({ httpStatus: 409 });
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('the initiator cannot approve, but may cancel', async () => {
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Own ${Date.now()}`, operations: ['Wallets:Read'] },
  });
  const policy = await admin.client.policies.createPolicy({
    body: { ...askBob('Ask', 'Permissions:Modify'), filters: { permissionId: { in: [permission.id] } } } as PolicyBody,
  });
  const pending = (await admin.client.permissions
    .updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } })
    .catch((error: unknown) => error)) as PolicyPendingError;
  const { approvalId } = pending.context as { approvalId: string };
  await expect(
    admin.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } }),
  ).rejects.toMatchObject({ httpStatus: 403 });
  expect((await admin.client.policies.createApprovalDecision({ approvalId, body: { value: 'Denied' } })).status).toBe(
    'Denied',
  );
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('somebody outside the groups cannot decide', async () => {
  const carol = await invite(system, admin, ['Policies:Approvals:Approve']);
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Outside ${Date.now()}`, operations: ['Wallets:Read'] },
  });
  const policy = await admin.client.policies.createPolicy({
    body: { ...askBob('Ask', 'Permissions:Modify'), filters: { permissionId: { in: [permission.id] } } } as PolicyBody,
  });
  const pending = (await admin.client.permissions
    .updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } })
    .catch((error: unknown) => error)) as PolicyPendingError;
  const { approvalId } = pending.context as { approvalId: string };
  await expect(
    carol.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } }),
  ).rejects.toMatchObject({ httpStatus: 403 });
  await bob.client.policies.createApprovalDecision({ approvalId, body: { value: 'Denied' } });
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a policy on policies that nobody could satisfy is refused', async () => {
  const body = {
    ...askBob('Dead end', 'Policies:Modify'),
    action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: { userId: { in: [admin.userId] } } }] },
  } as PolicyBody;
  await expect(admin.client.policies.createPolicy({ body })).rejects.toMatchObject({ httpStatus: 409 });
});

test('a service account fills a seat only where the group says so', async () => {
  const account = await admin.client.auth.createServiceAccount({
    body: { name: 'voter', publicKey: newKeyCredential().publicKey },
  });
  const policy = (serviceAccountsCanApprove: boolean): PolicyBody =>
    ({
      ...blockAll('Robot agrees'),
      filters: { walletTags: { hasAll: ['no-wallet-has-this'] } },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [
          { quorum: 1, approvers: { userId: { in: [account.userInfo.userId] } }, serviceAccountsCanApprove },
        ],
      },
    }) as unknown as PolicyBody;
  await expect(admin.client.policies.createPolicy({ body: policy(false) })).rejects.toMatchObject({ httpStatus: 400 });
  expect((await admin.client.policies.createPolicy({ body: policy(true) })).status).toBe('Active');
});
