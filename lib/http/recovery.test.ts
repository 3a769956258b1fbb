import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recoveryProof } from '@/lib/authentication/recovery';
import { type SoftwareCredential, softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { send } from './testing/checked';
import { aMember, codeOf } from './testing/people';
import {
  anOrganisation,
  performSigned,
  type Reply,
  signIn,
  startPlatform,
  type TestPerson,
  type TestPlatform,
} from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const post = (path: string, body: unknown, token?: string): Promise<Reply> =>
  platform.call('POST', path, { body, ...(token ? { token } : {}) });
const somebody = async () => {
  const recoveryKey = softwareKey('Ed25519', 'RecoveryKey');
  return { recoveryKey, person: await aMember(platform, admin, { recoveryKey }) };
};
const begin = async ({ orgId, username }: TestPerson, recoveryKey: SoftwareCredential, method = 'POST') => {
  const sent = await platform.call(method, '/auth/recover/user/code', { body: { orgId, username } });
  expect(sent).toMatchObject({ status: 200, body: { message: 'success' } });
  const verificationCode = codeOf(platform, username);
  const request = { orgId, username, verificationCode, credentialId: recoveryKey.credId };
  return { request, challenge: await post('/auth/recover/user/init', request) };
};
/** What the SDK's caller sends to complete a recovery. */
const answer = (challenge: string, key: SoftwareCredential, recoveryKey: SoftwareCredential) => {
  const newCredentials = { firstFactorCredential: key.attest(challenge) };
  return { recovery: toFirstFactor(recoveryKey.assert(recoveryProof(newCredentials))), newCredentials };
};

describe('a recovery', () => {
  test.each(['POST', 'PUT'])('replaces every credential and ends every session (code by %s)', async (method) => {
    const { person, recoveryKey } = await somebody();
    const { challenge } = await begin(person, recoveryKey, method);
    expect(challenge.body.allowedRecoveryCredentials).toEqual([{ id: recoveryKey.credId, encryptedRecoveryKey: '' }]);
    const key = softwareKey();
    const token = challenge.body.temporaryAuthenticationToken;
    const done = await post('/auth/recover/user', answer(challenge.body.challenge, key, recoveryKey), token);
    expect(done).toMatchObject({
      status: 200,
      body: { credential: { kind: 'Key' }, user: { id: person.userId, username: person.username } },
    });
    expect((await platform.call('GET', '/auth/credentials', { token: person.token })).status).toBe(401);
    await expect(signIn(platform, person.orgId, person.username, person.key)).rejects.toThrow('Not Authorized.');
    const back = await signIn(platform, person.orgId, person.username, key);
    const { body: own } = await platform.call('GET', '/auth/credentials', { token: back });
    expect(own.items.filter((item: { isActive: boolean }) => item.isActive)).toMatchObject([{ kind: 'Key' }]);
    // The temporary token, the code and the recovery key are spent.
    expect((await post('/auth/recover/user', answer('x', softwareKey(), recoveryKey), token)).status).toBe(401);
    const again = await begin(person, recoveryKey);
    expect(again.challenge).toMatchObject({
      status: 401,
      body: { message: 'Credential cannot be used as a recovery factor.' },
    });
  });

  test('of the first administrator works with the recovery key of the genesis', async () => {
    const { createOrganisation } = await import('@/lib/authentication/organisations');
    const username = 'founder@example.com';
    const invitation = await createOrganisation({ name: 'Acme', username, enrolment: 'server' }, platform.services);
    const { orgId, registrationCode, userId } = invitation;
    const [first, key] = [softwareKey(), softwareKey()];
    const recoveryKey = softwareKey('P-256', 'RecoveryKey');
    const { body: init } = await post('/auth/registration/init', { orgId, username, registrationCode });
    const registered = await post(
      '/auth/registration',
      { firstFactorCredential: first.attest(init.challenge), recoveryCredential: recoveryKey.attest(init.challenge) },
      init.temporaryAuthenticationToken,
    );
    expect(registered.status).toBe(200);
    const { challenge } = await begin({ orgId, username, userId, key: first, token: '' }, recoveryKey);
    const body = answer(challenge.body.challenge, key, recoveryKey);
    const done = await post('/auth/recover/user', body, challenge.body.temporaryAuthenticationToken);
    expect(done.status).toBe(200);
    const founder = { key, token: await signIn(platform, orgId, username, key) };
    expect(
      (await send(platform, founder, 'POST', '/permissions', { name: 'r', operations: ['Wallets:Read'] })).status,
    ).toBe(200);
  });

  test('counts only when the recovery key signed exactly the new credentials', async () => {
    const { person, recoveryKey } = await somebody();
    const { challenge } = await begin(person, recoveryKey);
    const { challenge: text, temporaryAuthenticationToken: token } = challenge.body;
    const [key, other] = [softwareKey(), softwareKey()];
    const honest = answer(text, key, recoveryKey);
    const swapped = { ...honest, newCredentials: { firstFactorCredential: other.attest(text) } };
    expect((await post('/auth/recover/user', swapped, token)).status).toBe(401);
    const stranger = softwareKey('Ed25519', 'RecoveryKey');
    expect((await post('/auth/recover/user', answer(text, key, stranger), token)).status).toBe(401);
    expect((await post('/auth/recover/user', answer('another challenge', key, recoveryKey), token)).status).toBe(400);
    expect((await post('/auth/recover/user', honest, person.token)).status).toBe(401);
    // Nothing of that spent anything.
    expect((await post('/auth/recover/user', honest, token)).status).toBe(200);
  });

  test('of one account takes no token of another kind of challenge, and opens nothing else', async () => {
    const { person, recoveryKey } = await somebody();
    const { challenge } = await begin(person, recoveryKey);
    const token = challenge.body.temporaryAuthenticationToken;
    expect((await platform.call('GET', '/auth/credentials', { token })).status).toBe(401);
    const body = { firstFactorCredential: softwareKey().attest(challenge.body.challenge) };
    expect((await post('/auth/registration', body, token)).status).toBe(401);
  });

  test('begins only with the code, for somebody known and unknown alike', async () => {
    const { person, recoveryKey } = await somebody();
    const { request } = await begin(person, recoveryKey);
    const wrong = { ...request, verificationCode: 'aaaa-aaaa-aaaa-aaaa' };
    const known = await post('/auth/recover/user/init', wrong);
    const unknown = await post('/auth/recover/user/init', { ...wrong, username: 'nobody@example.com' });
    expect([known.status, known.body.message]).toEqual([403, 'Invalid code']);
    expect([unknown.status, unknown.body.message]).toEqual([403, 'Invalid code']);
    const { orgId } = person;
    const answers = await Promise.all(
      [person.username, 'nobody@example.com'].map((username) => post('/auth/recover/user/code', { orgId, username })),
    );
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('code is tried five times at most', async () => {
    const { person, recoveryKey } = await somebody();
    const { request } = await begin(person, recoveryKey);
    for (let tries = 0; tries < 4; tries += 1)
      await post('/auth/recover/user/init', { ...request, verificationCode: 'aaaa-aaaa-aaaa-aaaa' });
    expect((await post('/auth/recover/user/init', request)).status).toBe(403);
  });

  test('code ends after a quarter of an hour', async () => {
    const { person, recoveryKey } = await somebody();
    const { request } = await begin(person, recoveryKey);
    platform.advance(901_000);
    const late = await post('/auth/recover/user/init', request);
    platform.advance(-901_000);
    expect(late.status).toBe(403);
  });
});

describe('a service account', () => {
  const aRobot = async (operations: readonly string[]) => {
    const key = softwareKey('Ed25519');
    const role = await send(platform, admin, 'POST', '/permissions', { name: `role ${operations}`, operations });
    const made = await send(platform, admin, 'POST', '/auth/service-accounts', {
      name: 'Robot',
      publicKey: key.publicKey,
      permissionId: role.body.id,
    });
    const [token] = made.body.accessTokens;
    return {
      token: token.accessToken as string,
      key: { ...key, assert: (challenge: string) => ({ ...key.assert(challenge), credId: token.credId }) },
    };
  };

  test('begins a recovery in the place of the code; the recovery key completes it', async () => {
    const { person, recoveryKey } = await somebody();
    const robot = await aRobot(['Auth:Recover:Delegated']);
    const body = { username: person.username, credentialId: recoveryKey.credId };
    const begun = await send(platform, robot, 'POST', '/auth/recover/user/delegated', body);
    expect(begun.status).toBe(200);
    const key = softwareKey();
    const { challenge, temporaryAuthenticationToken } = begun.body;
    const thief = answer(challenge, key, softwareKey('Ed25519', 'RecoveryKey'));
    expect((await post('/auth/recover/user', thief, temporaryAuthenticationToken)).status).toBe(401);
    const honest = answer(challenge, key, recoveryKey);
    expect((await post('/auth/recover/user', honest, temporaryAuthenticationToken)).status).toBe(200);
    await signIn(platform, person.orgId, person.username, key);
  });

  test('needs the permission, and nobody but a service account may', async () => {
    const { person, recoveryKey } = await somebody();
    const body = { username: person.username, credentialId: recoveryKey.credId };
    const robot = await aRobot(['Wallets:Read']);
    expect((await performSigned(platform, robot, 'POST', '/auth/recover/user/delegated', body)).status).toBe(403);
    expect((await performSigned(platform, admin, 'POST', '/auth/recover/user/delegated', body)).status).toBe(403);
    const allowed = await aRobot(['Auth:Recover:Delegated', 'Wallets:Read']);
    const unknown = { ...body, username: 'nobody@example.com' };
    expect(await performSigned(platform, allowed, 'POST', '/auth/recover/user/delegated', unknown)).toMatchObject({
      status: 401,
      body: { message: 'User not found' },
    });
  });
});
