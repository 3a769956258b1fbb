import { BaseAuthApi, DfnsApiClient } from '@dfns/sdk';
import { beforeAll, expect, test } from 'vitest';
import { attest, type KeyCredential, newKeyCredential } from '../support/key-credential';
import { codeFor } from '../support/outbox';
import { clientFor, type Person, signerOf, signIn } from '../support/person';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const { baseUrl } = system;
let admin: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
});

type Recovering = { readonly challenge: string; readonly temporaryAuthenticationToken: string };

const recoveryAttestation = (key: KeyCredential, challenge: string) => ({
  ...attest(key, challenge),
  credentialKind: 'RecoveryKey' as const,
});

/** Registers a Key and a recovery key through the SDK, and signs in. */
const registerWithRecovery = async (): Promise<Person & { readonly recoveryKey: KeyCredential }> => {
  const username = `recoverable-${Date.now().toString(36)}@example.org`;
  const { orgId } = admin;
  await admin.client.auth.createUser({ body: { email: username, kind: 'CustomerEmployee' } });
  const [credential, recoveryKey] = [newKeyCredential(), newKeyCredential('Ed25519')];
  const registrationCode = await codeFor(system.dataDir, username);
  const init = await BaseAuthApi.createUserRegistrationChallenge({ orgId, username, registrationCode }, { baseUrl });
  const request = {
    firstFactorCredential: attest(credential, init.challenge),
    recoveryCredential: recoveryAttestation(recoveryKey, init.challenge),
  };
  await BaseAuthApi.createUserRegistration(request as never, { baseUrl, authToken: init.temporaryAuthenticationToken });
  return { ...(await signIn(baseUrl, { orgId, username, credential })), recoveryKey };
};

/** Asks for a code and begins; whoever calls has no token. */
const begin = async (person: Person & { readonly recoveryKey: KeyCredential }): Promise<Recovering> => {
  const { orgId, username, client, recoveryKey } = person;
  const before = await codeFor(system.dataDir, username);
  await client.auth.sendRecoveryCode({ body: { orgId, username } });
  let verificationCode = before;
  while (verificationCode === before) verificationCode = await codeFor(system.dataDir, username);
  const body = { orgId, username, verificationCode, credentialId: recoveryKey.credId };
  return client.auth.createRecoveryChallenge({ body });
};

/** The recovery key's signature over the new credentials, by the SDK's own signer. */
const sealed = async (recoveryKey: KeyCredential, newCredentials: object) => {
  const challenge = Buffer.from(JSON.stringify(newCredentials)).toString('base64url');
  const allowCredentials = { key: [{ type: 'public-key', id: recoveryKey.credId }], webauthn: [] };
  const { credentialAssertion } = await signerOf(recoveryKey).sign({ challenge, allowCredentials } as never);
  return { recovery: { kind: 'RecoveryKey', credentialAssertion }, newCredentials };
};
const complete = async (challenge: Recovering, request: object) =>
  new DfnsApiClient({ baseUrl, authToken: challenge.temporaryAuthenticationToken }).auth.recover({
    body: request as never,
  });

test('an account is recovered: the old credential and session are refused, the new credential signs', async () => {
  const person = await registerWithRecovery();
  const challenge = await begin(person);
  const credential = newKeyCredential();
  const newCredentials = { firstFactorCredential: attest(credential, challenge.challenge) };
  const done = await complete(challenge, await sealed(person.recoveryKey, newCredentials));
  expect(done.user.id).toBe(person.userId);
  await expect(person.client.auth.listCredentials()).rejects.toMatchObject({ httpStatus: 401 });
  await expect(signIn(baseUrl, person)).rejects.toThrow();
  const back = await signIn(baseUrl, { orgId: person.orgId, username: person.username, credential });
  const permission = { name: `By the recovered ${Date.now()}`, operations: ['Wallets:Read' as const] };
  // The signature counts; the permission is what is missing.
  await expect(back.client.permissions.createPermission({ body: permission })).rejects.toMatchObject({
    httpStatus: 403,
    message: expect.stringContaining('Permissions:Create'),
  });
  await expect(begin({ ...back, recoveryKey: person.recoveryKey })).rejects.toMatchObject({ httpStatus: 401 });
});

test('nobody recovers with another recovery key, or for other credentials than were signed', async () => {
  const person = await registerWithRecovery();
  const challenge = await begin(person);
  const newCredentials = { firstFactorCredential: attest(newKeyCredential(), challenge.challenge) };
  const thief = { ...newKeyCredential('Ed25519'), credId: person.recoveryKey.credId };
  await expect(complete(challenge, await sealed(thief, newCredentials))).rejects.toMatchObject({ httpStatus: 401 });
  const other = { firstFactorCredential: attest(newKeyCredential(), challenge.challenge) };
  const swapped = { ...(await sealed(person.recoveryKey, newCredentials)), newCredentials: other };
  await expect(complete(challenge, swapped)).rejects.toMatchObject({ httpStatus: 401 });
  expect((await person.client.auth.listCredentials()).items).toHaveLength(2);
});

test('a service account begins a recovery for somebody; only their recovery key completes it', async () => {
  const person = await registerWithRecovery();
  const key = newKeyCredential();
  const role = await admin.client.permissions.createPermission({
    body: { name: `Recoverer ${Date.now()}`, operations: ['Auth:Recover:Delegated'] },
  });
  const account = await admin.client.auth.createServiceAccount({
    body: { name: 'help desk', publicKey: key.publicKey, permissionId: role.id },
  });
  const [token] = account.accessTokens;
  const robot = clientFor(baseUrl, {
    orgId: admin.orgId,
    token: token?.accessToken ?? '',
    credential: { ...key, credId: token?.credId ?? '' },
  });
  const body = { username: person.username, credentialId: person.recoveryKey.credId };
  const challenge = await robot.auth.createDelegatedRecoveryChallenge({ body });
  const credential = newKeyCredential();
  const newCredentials = { firstFactorCredential: attest(credential, challenge.challenge) };
  await complete(challenge, await sealed(person.recoveryKey, newCredentials));
  await signIn(baseUrl, { orgId: person.orgId, username: person.username, credential });
});

test('a credential is added by code from another device, and its owner takes it away again', async () => {
  const person = await invite(system, admin);
  const expiration = new Date(Date.now() + 60_000).toISOString();
  const { code } = await person.client.auth.createCredentialCode({ body: { expiration } });
  const phone = newKeyCredential('Ed25519');
  const device = clientFor(baseUrl, { orgId: person.orgId, token: '', credential: phone });
  const init = { body: { credentialKind: 'Key' as const, code } };
  const challenge = (await device.auth.createCredentialChallengeWithCode(init)) as {
    readonly challenge: string;
    readonly challengeIdentifier: string;
  };
  const credential = await device.auth.createCredentialWithCode({
    body: {
      ...attest(phone, challenge.challenge),
      credentialName: 'Phone',
      challengeIdentifier: challenge.challengeIdentifier,
    },
  });
  expect(credential).toMatchObject({ kind: 'Key', name: 'Phone', isActive: true });
  await expect(device.auth.createCredentialChallengeWithCode(init)).rejects.toMatchObject({
    httpStatus: 403,
    message: 'Invalid code',
  });
  const onPhone = { orgId: person.orgId, username: person.username, credential: phone };
  const { client } = await signIn(baseUrl, onPhone);
  const body = { credentialUuid: credential.credentialUuid };
  await person.client.auth.deactivateCredential({ body });
  await expect(client.auth.listCredentials()).rejects.toMatchObject({ httpStatus: 401 });
  await person.client.auth.activateCredential({ body });
  await signIn(baseUrl, onPhone);
  await person.client.auth.deactivateCredential({ body });
  await expect(signIn(baseUrl, onPhone)).rejects.toThrow();
});

test('who exists is told by neither a code that is asked for nor one that is wrong', async () => {
  const { orgId } = admin;
  const names = [admin.username, 'nobody@example.org'];
  for (const path of ['/auth/recover/user/code', '/auth/login/code']) {
    const answers = await Promise.all(
      names.map((username) => call(system, 'POST', path, { body: { orgId, username } })),
    );
    expect(answers.map(({ status, body }) => [status, body])).toEqual(names.map(() => [200, { message: 'success' }]));
  }
  for (const username of names) {
    const body = { orgId, username, verificationCode: 'aaaa-aaaa-aaaa-aaaa', credentialId: 'AAAA' };
    expect(await call(system, 'POST', '/auth/recover/user/init', { body })).toMatchObject({
      status: 403,
      body: { message: 'Invalid code' },
    });
  }
});
