import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SoftwareCredential, softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { send } from './testing/checked';
import { addKey, aMember, codeOf } from './testing/people';
import {
  anOrganisation,
  type Reply,
  signAction,
  signIn,
  startPlatform,
  type TestPerson,
  type TestPlatform,
} from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform();
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const deactivate = (person: Pick<TestPerson, 'key' | 'token'>, credentialUuid: string) =>
  send(platform, person, 'PUT', '/auth/credentials/deactivate', { credentialUuid });
const activate = (person: Pick<TestPerson, 'key' | 'token'>, credentialUuid: string) =>
  send(platform, person, 'PUT', '/auth/credentials/activate', { credentialUuid });

describe('a deactivated credential', () => {
  test('is refused everywhere at once: open challenges, sessions, sign-in', async () => {
    const { key, credentialUuid } = await addKey(platform, admin);
    const session = await signIn(platform, admin.orgId, admin.username, key);
    const invitation = JSON.stringify({ email: 'new@example.com', kind: 'CustomerEmployee' });
    const userAction = await signAction(platform, { key, token: admin.token }, 'POST', '/auth/users', invitation);
    const { body: challenge } = await platform.call('POST', '/auth/action/init', {
      token: admin.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
    });
    const { body: login } = await platform.call('POST', '/auth/login/init', {
      body: { orgId: admin.orgId, username: admin.username },
    });
    expect(await deactivate(admin, credentialUuid)).toMatchObject({ status: 200, body: { message: 'success' } });

    const answer = (open: { challenge: string; challengeIdentifier: string }) => ({
      challengeIdentifier: open.challengeIdentifier,
      firstFactor: toFirstFactor(key.assert(open.challenge)),
    });
    const late = await platform.call('POST', '/auth/action', { token: admin.token, body: answer(challenge) });
    expect(late.status).toBe(401);
    expect((await platform.call('POST', '/auth/login', { body: answer(login) })).status).toBe(401);
    expect((await platform.call('GET', '/auth/credentials', { token: session })).status).toBe(401);
    expect((await platform.call('GET', '/auth/credentials', { token: admin.token })).status).toBe(200);
    const held = await platform.call('POST', '/auth/users', { token: admin.token, userAction, body: invitation });
    expect(held.status).toBe(403);
    await expect(signIn(platform, admin.orgId, admin.username, key)).rejects.toThrow('Not Authorized.');
  });

  test('is listed as inactive, and signs again once activated', async () => {
    const { key, credentialUuid } = await addKey(platform, admin);
    await deactivate(admin, credentialUuid);
    const { body } = await platform.call('GET', '/auth/credentials', { token: admin.token });
    const listed = body.items.find((item: { credentialUuid: string }) => item.credentialUuid === credentialUuid);
    expect(listed.isActive).toBe(false);
    expect(await activate(admin, credentialUuid)).toMatchObject({ status: 200, body: { message: 'success' } });
    await signIn(platform, admin.orgId, admin.username, key);
  });

  test('is never the last one', async () => {
    const founder = await anOrganisation(platform);
    const { body } = await platform.call('GET', '/auth/credentials', { token: founder.token });
    expect(await deactivate(founder, body.items[0].credentialUuid)).toMatchObject({ status: 409 });
  });

  test('of somebody else is not found, as one that does not exist', async () => {
    const founder = await anOrganisation(platform);
    const { credentialUuid } = await addKey(platform, admin);
    const unknown = 'cr-00000-00000-0000000000000000';
    for (const id of [credentialUuid, unknown])
      for (const call of [activate, deactivate])
        expect(await call(founder, id)).toMatchObject({ status: 404, body: { message: 'credential not found' } });
  });
});

test('an activation’s statement names the key', async () => {
  const { key, credentialUuid } = await addKey(platform, admin);
  const { body } = await platform.call('POST', '/auth/action/init', {
    token: admin.token,
    body: {
      userActionPayload: JSON.stringify({ credentialUuid }),
      userActionHttpMethod: 'PUT',
      userActionHttpPath: '/auth/credentials/activate',
    },
  });
  expect(body.statement.context.publicKey.trim()).toBe(key.publicKey.trim());
  expect(softwareKey().publicKey).not.toBe(key.publicKey);
});

describe('a credential added by code', () => {
  const codeFor = (person: TestPerson, expiration: number | string = Date.now() + 60_000) =>
    send(platform, person, 'POST', '/auth/credentials/code', { expiration });
  const init = (code: string, credentialKind = 'Key') =>
    platform.call('POST', '/auth/credentials/code/init', { body: { credentialKind, code } });
  const verify = (challenge: Reply, key: SoftwareCredential) =>
    platform.call('POST', '/auth/credentials/code/verify', {
      body: {
        ...key.attest(challenge.body.challenge),
        credentialName: 'Phone',
        challengeIdentifier: challenge.body.challengeIdentifier,
      },
    });

  test('signs in and signs, where the server enrols', async () => {
    const { body } = await codeFor(admin);
    expect(body.code).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$/);
    expect(Date.parse(body.expiration)).toBeLessThanOrEqual(Date.now() + 60_000);
    const key = softwareKey('Ed25519');
    const challenge = await init(body.code.toLowerCase());
    const added = await verify(challenge, key);
    expect(added).toMatchObject({ status: 200, body: { kind: 'Key', name: 'Phone', isActive: true } });
    const token = await signIn(platform, admin.orgId, admin.username, key);
    await signAction(platform, { key, token }, 'POST', '/wallets');
    // Code and challenge are spent.
    expect(await init(body.code)).toMatchObject({ status: 403, body: { message: 'Invalid code' } });
    expect((await verify(challenge, softwareKey())).status).toBe(400);
  });

  test('is one, of however many at once', async () => {
    const { body } = await codeFor(admin);
    const challenges = await Promise.all([1, 2, 3].map(() => init(body.code)));
    const added = await Promise.all(challenges.map((challenge) => verify(challenge, softwareKey())));
    expect(added.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
  });

  test('is inert where people are vouched for, until its owner activates it', async () => {
    const founder = await anOrganisation(platform, 'vouched');
    const { body } = await codeFor(founder);
    const key = softwareKey();
    const added = await verify(await init(body.code), key);
    expect(added.body.isActive).toBe(false);
    await expect(signIn(platform, founder.orgId, founder.username, key)).rejects.toThrow('Not Authorized.');
    expect((await activate(founder, added.body.credentialUuid)).status).toBe(200);
    const token = await signIn(platform, founder.orgId, founder.username, key);
    await signAction(platform, { key, token }, 'POST', '/wallets');
  });

  test('needs a code: wrong, late and tried too often are all the same', async () => {
    expect(await init('AAA-AAA-AAA')).toMatchObject({ status: 403, body: { message: 'Invalid code' } });
    const { body } = await codeFor(admin);
    platform.advance(61_000);
    expect((await init(body.code)).status).toBe(403);
    platform.advance(-61_000);
    for (let tries = 0; tries < 5; tries += 1) expect((await init(body.code)).status).toBe(200);
    expect((await init(body.code)).status).toBe(403);
  });

  test('code ends within a minute', async () => {
    expect((await codeFor(admin, Date.now() + 3_600_000)).status).toBe(400);
  });

  test('code is kept as a hash', async () => {
    const { body } = await codeFor(admin);
    const { rows } = await platform.services.db.pool.query('SELECT * FROM one_time_codes');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows).toUpperCase()).not.toContain(body.code);
  });
});

describe('a password-protected key', () => {
  const someone = async () => {
    const key = softwareKey('P-256', 'PasswordProtectedKey');
    const first = await aMember(platform, admin);
    await addKey(platform, first, key);
    return { key, first, orgId: first.orgId, username: first.username };
  };
  const init = (body: object) => platform.call('POST', '/auth/login/init', { body });

  test('signs in with a code by mail, which alone shows the encrypted key', async () => {
    const { key, orgId, username } = await someone();
    const plain = await init({ orgId, username });
    expect(plain.body.allowCredentials).not.toHaveProperty('passwordProtectedKey');
    await platform.call('POST', '/auth/login/code', { body: { orgId, username } });
    const loginCode = codeOf(platform, username);
    const { body: challenge } = await init({ orgId, username, loginCode });
    expect(challenge.allowCredentials.passwordProtectedKey).toEqual([
      { type: 'public-key', id: key.credId, encryptedPrivateKey: 'under a password' },
    ]);
    const done = await platform.call('POST', '/auth/login', {
      body: {
        challengeIdentifier: challenge.challengeIdentifier,
        firstFactor: toFirstFactor(key.assert(challenge.challenge)),
      },
    });
    expect(done.status).toBe(200);
    expect((await init({ orgId, username, loginCode })).status).toBe(403);
    const action = await platform.call('POST', '/auth/action/init', {
      token: done.body.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
    });
    expect(action.body.allowCredentials.passwordProtectedKey).toHaveLength(1);
    await signAction(platform, { key, token: done.body.token }, 'POST', '/wallets');
  });

  test('is not shown for a wrong code, and nobody learns who exists', async () => {
    const { orgId, username } = await someone();
    const wrong = (name: string) => init({ orgId, username: name, loginCode: 'aaaa-aaaa-aaaa-aaaa' });
    const [known, unknown] = [await wrong(username), await wrong('nobody@example.com')];
    expect([known.status, known.body.message]).toEqual([403, 'Invalid code']);
    expect([unknown.status, unknown.body.message]).toEqual([403, 'Invalid code']);
    const codes = await Promise.all(
      [username, 'nobody@example.com'].map((name) =>
        platform.call('POST', '/auth/login/code', { body: { orgId, username: name } }),
      ),
    );
    expect(codes.map(({ status, body }) => [status, body])).toEqual([
      [200, { message: 'success' }],
      [200, { message: 'success' }],
    ]);
  });
});

describe('every kind of key', () => {
  test.each(['P-256', 'P-384', 'P-521', 'secp256k1', 'Ed25519', 'RSA'] as const)(
    '%s registers, signs in and signs requests',
    async (type) => {
      const key = softwareKey(type);
      const person = await aMember(platform, admin, { key });
      await signAction(platform, person, 'POST', '/wallets');
      const { credentialUuid } = await addKey(platform, person);
      expect((await deactivate(person, credentialUuid)).status).toBe(200);
    },
  );

  test('with RSA below 2048 bits or on another curve is refused', async () => {
    const { generateKeyPairSync, randomBytes } = await import('node:crypto');
    for (const keys of [
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('ec', { namedCurve: 'P-224' }),
    ]) {
      const key = softwareKey('RSA', 'Key', { ...keys, id: randomBytes(32) });
      const { body: challenge } = await platform.call('POST', '/auth/credentials/init', {
        token: admin.token,
        body: { kind: 'Key' },
      });
      const reply = await send(platform, admin, 'POST', '/auth/credentials', {
        ...key.attest(challenge.challenge),
        credentialName: 'Weak',
        challengeIdentifier: challenge.challengeIdentifier,
      });
      expect(reply).toMatchObject({ status: 400, body: { message: expect.stringContaining('accepted kind') } });
    }
  });
});
