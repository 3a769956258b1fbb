import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
});

const newPermission = (operations: readonly string[] = ['Wallets:Read']) =>
  admin.client.permissions.createPermission({
    body: { name: `Role ${Math.random().toString(36).slice(2)}`, operations: operations as never },
  });

test('a permission is created, read, listed, changed and archived', async () => {
  const made = await newPermission();
  expect(made).toMatchObject({
    id: expect.stringMatching(/^pm-/),
    status: 'Active',
    isImmutable: false,
    isArchived: false,
    operations: ['Wallets:Read'],
  });
  expect(await admin.client.permissions.getPermission({ permissionId: made.id })).toMatchObject({
    id: made.id,
    name: made.name,
  });
  const changed = await admin.client.permissions.updatePermission({
    permissionId: made.id,
    body: { operations: ['Keys:Read'] },
  });
  expect(changed.operations).toEqual(['Keys:Read']);
  const archived = await admin.client.permissions.archivePermission({
    permissionId: made.id,
    body: { isArchived: true },
  });
  expect(archived.isArchived).toBe(true);
  const listed = await admin.client.permissions.listPermissions({});
  expect(listed.items.map((item) => item.id)).toContain(made.id);
});

test('names stay reserved', async () => {
  const made = await newPermission();
  await expect(
    admin.client.permissions.createPermission({ body: { name: made.name, operations: ['Wallets:Read'] } }),
  ).rejects.toMatchObject({ httpStatus: 409 });
});

test('an unknown operation is refused and named', async () => {
  await expect(newPermission(['Wallets:Fly'])).rejects.toMatchObject({ httpStatus: 400 });
});

test('Wallets:Sign is accepted as an umbrella', async () => {
  expect((await newPermission(['Wallets:Sign'])).operations).toEqual(['Wallets:Sign']);
});

test('the managed permission can only be assigned and revoked', async () => {
  const managed = (await admin.client.permissions.listPermissions({})).items.find(
    (item) => item.name === 'DfnsFullAdminAccess',
  );
  expect(managed?.isImmutable).toBe(true);
  await expect(
    admin.client.permissions.updatePermission({ permissionId: managed?.id ?? '', body: { name: 'Mine' } }),
  ).rejects.toMatchObject({ httpStatus: 400 });
});

test('an assignment works from the very next request and its revocation too', async () => {
  const person = await invite(system, admin);
  await expect(person.client.wallets.listWallets({})).rejects.toMatchObject({ httpStatus: 403 });
  const permission = await newPermission();
  const assignment = await admin.client.permissions.createAssignment({
    permissionId: permission.id,
    body: { identityId: person.userId },
  });
  expect(assignment).toMatchObject({
    id: expect.stringMatching(/^as-/),
    permissionId: permission.id,
    identityId: person.userId,
  });
  await person.client.wallets.listWallets({});
  const listed = await admin.client.permissions.listAssignments({ permissionId: permission.id });
  expect(listed.items.map((item) => item.id)).toEqual([assignment.id]);
  expect(
    await admin.client.permissions.deleteAssignment({ permissionId: permission.id, assignmentId: assignment.id }),
  ).toBeUndefined();
  await expect(person.client.wallets.listWallets({})).rejects.toMatchObject({ httpStatus: 403 });
});

test('the refusal names the identity and the missing operation', async () => {
  const person = await invite(system, admin);
  const answer = await call(system, 'GET', '/wallets', { token: person.token });
  expect(answer.status).toBe(403);
  expect((answer.body.error as { message: string }).message).toBe(
    `CustomerEmployee ${person.userId} is not authorized to perform operation (Wallets:Read)`,
  );
});

test('the same assignment twice is a conflict', async () => {
  const person = await invite(system, admin);
  const permission = await newPermission();
  const body = { identityId: person.userId };
  await admin.client.permissions.createAssignment({ permissionId: permission.id, body });
  await expect(admin.client.permissions.createAssignment({ permissionId: permission.id, body })).rejects.toMatchObject({
    httpStatus: 409,
  });
});

test('the last full admin cannot be revoked', async () => {
  const managed = (await admin.client.permissions.listPermissions({})).items.find(
    (item) => item.name === 'DfnsFullAdminAccess',
  );
  const assignments = await admin.client.permissions.listAssignments({ permissionId: managed?.id ?? '' });
  const own = assignments.items.find((item) => item.identityId === admin.userId);
  await expect(
    admin.client.permissions.deleteAssignment({ permissionId: managed?.id ?? '', assignmentId: own?.id ?? '' }),
  ).rejects.toMatchObject({ httpStatus: 409 });
});

test('lists are paged by opaque tokens', async () => {
  for (let i = 0; i < 3; i += 1) await newPermission();
  const seen: string[] = [];
  let paginationToken: string | undefined;
  do {
    const page = await admin.client.permissions.listPermissions({
      query: { limit: 2, ...(paginationToken ? { paginationToken } : {}) },
    } as never);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map((item) => item.id));
    paginationToken = page.nextPageToken;
  } while (paginationToken);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(4);
  expect((await call(system, 'GET', '/permissions?paginationToken=forged', { token: admin.token })).status).toBe(400);
});

test('permissions of another organisation are not found', async () => {
  const other = await newOrganisation(system);
  const made = await newPermission();
  await expect(other.client.permissions.getPermission({ permissionId: made.id })).rejects.toMatchObject({
    httpStatus: 404,
  });
});
