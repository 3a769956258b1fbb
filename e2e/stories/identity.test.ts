import { BaseAuthApi } from '@dfns/sdk';
import { beforeAll, expect, test } from 'vitest';
import { attest, newKeyCredential } from '../support/key-credential';
import { codeFor } from '../support/outbox';
import { clientFor, type Person, register, signIn } from '../support/person';
import { createOrganisation } from '../support/system';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
});

test('a registration code registers once', async () => {
  const invitation = await createOrganisation(system, 'Once', 'once@example.org');
  await register(system.baseUrl, invitation);
  await expect(register(system.baseUrl, invitation)).rejects.toMatchObject({ httpStatus: expect.any(Number) });
});

test('org:create answers with everything a first registration needs', async () => {
  const invitation = await createOrganisation(system, 'Shape', 'shape@example.org');
  expect(invitation).toMatchObject({
    orgId: expect.stringMatching(/^or-[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{14,16}$/),
    username: 'shape@example.org',
    registrationCode: expect.any(String),
    registrationUrl: expect.stringContaining('/console/'),
  });
});

test('a wrong registration code is refused', async () => {
  const invitation = await createOrganisation(system, 'Wrong', 'wrong@example.org');
  await expect(
    register(system.baseUrl, { ...invitation, registrationCode: 'AAAA-AAAA-AAAA-AAAA' }),
  ).rejects.toMatchObject({ httpStatus: expect.any(Number) });
});

test('an invited person registers with the mailed code and signs in', async () => {
  const person = await invite(system, admin);
  const again = await signIn(system.baseUrl, person);
  expect(again.userId).toBe(person.userId);
});

test('a resent code voids the former one', async () => {
  const username = `resend-${Date.now()}@example.org`;
  await admin.client.auth.createUser({ body: { email: username, kind: 'CustomerEmployee' } });
  const former = await codeFor(system.dataDir, username);
  await admin.client.auth.resendRegistrationCode({ body: { username, orgId: admin.orgId } });
  const invitation = { orgId: admin.orgId, username };
  await expect(register(system.baseUrl, { ...invitation, registrationCode: former })).rejects.toMatchObject({
    httpStatus: expect.any(Number),
  });
  await register(system.baseUrl, { ...invitation, registrationCode: await codeFor(system.dataDir, username) });
});

test('both P-256 and Ed25519 keys register, sign in and sign', async () => {
  const username = `ed-${Date.now()}@example.org`;
  await admin.client.auth.createUser({ body: { email: username, kind: 'CustomerEmployee' } });
  const invitation = { orgId: admin.orgId, username, registrationCode: await codeFor(system.dataDir, username) };
  const person = await register(system.baseUrl, invitation, 'Ed25519');
  expect((await person.client.auth.listCredentials()).items).toHaveLength(1);
});

test('users are listed, found and read by their id', async () => {
  const person = await invite(system, admin);
  const users = await admin.client.auth.listUsers({});
  expect(users.items.map((user) => user.userId)).toContain(person.userId);
  const user = await admin.client.auth.getUser({ userId: person.userId });
  expect(user).toMatchObject({
    username: person.username,
    kind: 'CustomerEmployee',
    isActive: true,
    isRegistered: true,
    isServiceAccount: false,
  });
  expect(user.credentialUuid).toMatch(/^cr-/);
});

test('the first admin holds the managed full-admin permission', async () => {
  const user = await admin.client.auth.getUser({ userId: admin.userId });
  expect(user.permissionAssignments.map((item) => item.permissionName)).toContain('DfnsFullAdminAccess');
});

test('an unknown user is a JSON 404', async () => {
  await expect(admin.client.auth.getUser({ userId: 'us-00000-00000-0000000000000000' })).rejects.toMatchObject({
    httpStatus: 404,
  });
});

test('a second credential is added by the first and signs in afterwards', async () => {
  const person = await invite(system, admin);
  const second = newKeyCredential();
  const challenge = await person.client.auth.createCredentialChallenge({ body: { kind: 'Key' } } as never);
  const attestation = attest(second, (challenge as { challenge: string }).challenge);
  const credential = await person.client.auth.createCredential({
    body: {
      ...attestation,
      credentialName: 'Second',
      challengeIdentifier: (challenge as { challengeIdentifier: string }).challengeIdentifier,
    },
  } as never);
  expect(credential).toMatchObject({ kind: 'Key', name: 'Second', isActive: true });
  expect((await person.client.auth.listCredentials()).items).toHaveLength(2);
  await signIn(system.baseUrl, { ...person, credential: second });
});

test('a service account acts with its own token and key', async () => {
  const key = newKeyCredential();
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Reader ${Date.now()}`, operations: ['Wallets:Read', 'Permissions:Read'] },
  });
  const account = await admin.client.auth.createServiceAccount({
    body: { name: 'robot', publicKey: key.publicKey, permissionId: permission.id },
  });
  const token = account.accessTokens[0];
  expect(account.userInfo).toMatchObject({ isServiceAccount: true, isActive: true, username: 'robot' });
  expect(token).toMatchObject({ kind: 'ServiceAccount', isActive: true, accessToken: expect.any(String) });
  const robot = clientFor(system.baseUrl, {
    orgId: admin.orgId,
    token: token?.accessToken ?? '',
    credential: { ...key, credId: token?.credId ?? '' },
  });
  expect((await robot.wallets.listWallets({})).items).toEqual([]);
  await expect(
    robot.permissions.createPermission({ body: { name: 'x', operations: ['Wallets:Read'] } }),
  ).rejects.toMatchObject({ httpStatus: 403 });
  expect((await admin.client.auth.listServiceAccounts()).items.map((item) => item.userInfo.userId)).toContain(
    account.userInfo.userId,
  );
  const read = await admin.client.auth.getServiceAccount({ serviceAccountId: account.userInfo.userId });
  expect(read.accessTokens[0]).not.toHaveProperty('accessToken');
});

test('signing out revokes the session at once', async () => {
  const person = await invite(system, admin);
  await person.client.auth.logout({ body: undefined as never });
  await expect(person.client.auth.listCredentials()).rejects.toMatchObject({ httpStatus: 401 });
});

test('without a bearer token, or with a forged one, nothing is answered but 401', async () => {
  for (const token of [undefined, 'nonsense', `${admin.token.slice(0, -4)}AAAA`]) {
    const answer = await call(system, 'GET', '/wallets', { token });
    expect(answer).toMatchObject({ status: 401, body: { error: { message: 'Not Authorized.' } } });
  }
});

test('a login for an unknown name does not open a session', async () => {
  const credential = newKeyCredential();
  await expect(
    signIn(system.baseUrl, { orgId: admin.orgId, username: 'nobody@example.org', credential }),
  ).rejects.toBeTruthy();
});

test('a login challenge is used once', async () => {
  const person = await invite(system, admin);
  const challenge = await BaseAuthApi.createUserLoginChallenge(
    { orgId: person.orgId, username: person.username },
    { baseUrl: system.baseUrl },
  );
  const { signerOf } = await import('../support/person');
  const firstFactor = await signerOf(person.credential).sign(challenge);
  const request = { challengeIdentifier: challenge.challengeIdentifier, firstFactor };
  await BaseAuthApi.createUserLogin(request, { baseUrl: system.baseUrl });
  await expect(BaseAuthApi.createUserLogin(request, { baseUrl: system.baseUrl })).rejects.toMatchObject({
    httpStatus: 400,
  });
});
