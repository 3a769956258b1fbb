import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSetupToken } from '@/lib/authentication/organisations';
import { statementChallenge } from '@/lib/authentication/statement';
import { softwareKey, softwarePasskey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import {
  anOrganisation,
  enrol,
  performSigned,
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

const lastMail = () => {
  const outbox = path.join(platform.dataDir, 'outbox');
  return JSON.parse(fs.readFileSync(path.join(outbox, fs.readdirSync(outbox).sort().at(-1) ?? ''), 'utf8'));
};
let guests = 0;
const invite = async (from = admin) => {
  const email = `guest-${guests++}@example.com`;
  const reply = await performSigned(platform, from, 'POST', '/auth/users', { email, kind: 'CustomerEmployee' });
  expect(reply.status).toBe(200);
  return { orgId: from.orgId, username: email, registrationCode: lastMail().code as string, user: reply.body };
};
const withoutUser = ({ orgId, username, registrationCode }: Awaited<ReturnType<typeof invite>>) => ({
  orgId,
  username,
  registrationCode,
});

describe('the first administrator', () => {
  test('registers, founds the organisation and holds every permission', async () => {
    const me = await platform.call('GET', `/auth/users/${admin.userId}`, { token: admin.token });
    expect(me.body).toMatchObject({
      username: admin.username,
      isRegistered: true,
      orgId: admin.orgId,
      isSSORequired: false,
    });
    expect(me.body.permissionAssignments).toMatchObject([{ permissionName: 'DfnsFullAdminAccess' }]);
  });

  test('cannot register twice with one code', async () => {
    const reply = await platform.call('POST', '/auth/registration/init', {
      body: { orgId: admin.orgId, username: admin.username, registrationCode: 'aaaa-aaaa-aaaa-aaaa' },
    });
    expect(reply).toMatchObject({ status: 403, body: { message: 'Invalid code' } });
  });

  test('signs in with a passkey registered in the browser', async () => {
    const passkey = softwarePasskey({ rpId: 'localhost', origin: 'http://localhost:3000' });
    const invitation = await invite();
    const person = await enrol(platform, withoutUser(invitation), passkey);
    expect(person.userId).toBe(invitation.user.userId);
  });
});

describe('an invited person', () => {
  test('gets a code by mail that works once', async () => {
    const invitation = withoutUser(await invite());
    const person = await enrol(platform, invitation);
    expect(person.token.split('.')).toHaveLength(3);
    expect((await platform.call('POST', '/auth/registration/init', { body: invitation })).status).toBe(403);
  });

  test('loses the former code when a new one is sent', async () => {
    const invitation = withoutUser(await invite());
    const { orgId, username } = invitation;
    expect((await platform.call('PUT', '/auth/registration/code', { body: { orgId, username } })).body).toEqual({
      message: 'success',
    });
    expect((await platform.call('POST', '/auth/registration/init', { body: invitation })).status).toBe(403);
    expect(
      (
        await platform.call('POST', '/auth/registration/init', {
          body: { ...invitation, registrationCode: lastMail().code },
        })
      ).status,
    ).toBe(200);
  });

  test('is told when the code is too old', async () => {
    const invitation = withoutUser(await invite());
    const late = await startLate(8 * 86_400_000, () =>
      platform.call('POST', '/auth/registration/init', { body: invitation }),
    );
    expect(late).toMatchObject({ status: 400, body: { message: 'Registration code expired' } });
  });

  test('has no permission until one is assigned', async () => {
    const person = await enrol(platform, withoutUser(await invite()));
    const reply = await performSigned(platform, person, 'POST', '/auth/users', {
      email: 'x@example.com',
      kind: 'CustomerEmployee',
    });
    expect(reply).toMatchObject({
      status: 403,
      body: { message: `CustomerEmployee ${person.userId} is not authorized to perform operation (Auth:Users:Create)` },
    });
    expect((await platform.call('GET', `/auth/users/${person.userId}`, { token: person.token })).status).toBe(200);
    expect((await platform.call('GET', `/auth/users/${admin.userId}`, { token: person.token })).status).toBe(403);
  });

  test('of a name that exists is refused', async () => {
    const reply = await performSigned(platform, admin, 'POST', '/auth/users', {
      email: admin.username,
      kind: 'CustomerEmployee',
    });
    expect(reply).toMatchObject({ status: 401, body: { message: 'User already exists.' } });
  });

  test('can read but not act in a vouched organisation until somebody vouches', async () => {
    const founder = await anOrganisation(platform, 'vouched');
    const person = await enrol(platform, withoutUser(await invite(founder)));
    expect((await platform.call('GET', '/auth/credentials', { token: person.token })).body.items).toHaveLength(1);
    const body = { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' };
    const reply = await platform.call('POST', '/auth/action/init', { token: person.token, body });
    expect(reply.status).toBe(403);
    expect(reply.body.message).toContain('not vouched for yet');
  });
});

const startLate = async <T>(ms: number, act: () => Promise<T>): Promise<T> => {
  platform.advance(ms);
  try {
    return await act();
  } finally {
    platform.advance(-ms);
  }
};

describe('a session', () => {
  test('ends with logout, here or everywhere', async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => signIn(platform, admin.orgId, admin.username, admin.key)));
    const read = (token = '') => platform.call('GET', '/auth/credentials', { token });
    expect((await platform.call('PUT', '/auth/logout', { token: tokens[0] })).body).toEqual({ message: 'success' });
    expect((await read(tokens[0])).status).toBe(401);
    expect((await read(tokens[1])).status).toBe(200);
    await platform.call('PUT', '/auth/logout', { token: tokens[1], body: { allSessions: true } });
    expect((await read(tokens[2])).status).toBe(401);
    admin = { ...admin, token: await signIn(platform, admin.orgId, admin.username, admin.key) };
  });

  test('ends after eight hours', async () => {
    const late = await startLate(8 * 3_600_000 + 1000, () =>
      platform.call('GET', '/auth/credentials', { token: admin.token }),
    );
    expect(late.status).toBe(401);
  });

  test('is not opened by another key, a spent challenge or an unknown person', async () => {
    const ask = (username: string) =>
      platform.call('POST', '/auth/login/init', { body: { orgId: admin.orgId, username } });
    const answer = async (challenge: { challenge: string; challengeIdentifier: string }, key = admin.key) =>
      platform.call('POST', '/auth/login', {
        body: {
          challengeIdentifier: challenge.challengeIdentifier,
          firstFactor: toFirstFactor(key.assert(challenge.challenge)),
        },
      });
    const { body: challenge } = await ask(admin.username);
    expect(await answer(challenge, { ...softwareKey() })).toMatchObject({
      status: 401,
      body: { message: 'Not Authorized.' },
    });
    expect((await answer(challenge)).status).toBe(200);
    expect(await answer(challenge)).toMatchObject({ status: 400, body: { message: 'Challenge token is not valid.' } });
    const unknown = await ask('nobody@example.com');
    expect(unknown.status).toBe(200);
    expect(unknown.body.allowCredentials.webauthn).toHaveLength(1);
    expect((await answer(unknown.body)).status).toBe(401);
  });

  test('is not opened by a passkey whose counter fell', async () => {
    const options = { rpId: 'localhost', origin: 'http://localhost:3000', counter: 5 };
    const passkey = softwarePasskey(options);
    const invitation = withoutUser(await invite());
    await expect(enrol(platform, invitation, passkey)).rejects.toThrow('Not Authorized.');
    // The operator is told why, whoever asks is not.
    expect(platform.log.join('')).toContain('the counter of a passkey did not rise');
  });

  test('of the console counts only for requests of our own pages', async () => {
    const { encode } = await import('next-auth/jwt');
    const { body: challenge } = await platform.call('POST', '/auth/login/init', {
      body: { orgId: admin.orgId, username: admin.username },
    });
    const { completeLogin } = await import('./handlers/login');
    const { sid, orgId, userId } = await completeLogin(
      {
        challengeIdentifier: challenge.challengeIdentifier,
        firstFactor: toFirstFactor(admin.key.assert(challenge.challenge)),
      } as never,
      platform.services,
    );
    const cookie = await encode({ token: { sid, orgId, userId }, secret: platform.services.secrets.secretCookieKey });
    const get = (headers: Record<string, string>) =>
      platform.call('GET', '/auth/credentials', { headers: { cookie: `countersign.session=${cookie}`, ...headers } });
    expect((await get({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await get({ 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await get({})).status).toBe(401);
    const post = (headers: Record<string, string>) =>
      platform.call('POST', '/auth/credentials/init', {
        body: { kind: 'Key' },
        headers: { cookie: `countersign.session=${cookie}`, 'sec-fetch-site': 'same-origin', ...headers },
      });
    expect((await post({ origin: 'http://localhost:3000' })).status).toBe(200);
    expect((await post({ origin: 'http://evil.example' })).status).toBe(401);
    expect((await post({})).status).toBe(401);
    expect((await post({ origin: 'http://localhost:3000', 'content-type': 'text/plain' })).status).toBe(401);
  });
});

describe('a user action', () => {
  const email = () => `action-${guests++}@example.com`;
  const body = () => JSON.stringify({ email: email(), kind: 'CustomerEmployee' });
  const send = (userAction: string | undefined, payload: string, target = '/auth/users', person = admin) =>
    platform.call('POST', target, { token: person.token, userAction, body: payload });
  const INVALID = { status: 403, body: { message: 'user action signature is missing or invalid' } };
  const USED = { status: 400, body: { message: 'user action has already been used' } };

  test('is asked for with the statement its challenge is derived from', async () => {
    const reply = await platform.call('POST', '/auth/action/init', {
      token: admin.token,
      body: {
        userActionPayload: '{}',
        userActionHttpMethod: 'POST',
        userActionHttpPath: '/auth/users',
        userActionServerKind: 'Api',
      },
    });
    expect(reply.body.challenge).toBe(statementChallenge(reply.body.statement));
    expect(reply.body.statement).toMatchObject({
      v: 1,
      orgId: admin.orgId,
      userId: admin.userId,
      method: 'POST',
      path: '/auth/users',
      context: {},
    });
    expect(reply.body.allowCredentials).toEqual({ key: [{ type: 'public-key', id: admin.key.credId }], webauthn: [] });
    expect(reply.body.externalAuthenticationUrl).toBe('');
  });

  test('is good for one request', async () => {
    const payload = body();
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    expect((await send(userAction, payload)).status).toBe(200);
    expect(await send(userAction, payload)).toMatchObject(USED);
  });

  test('is spent once however many requests come at the same time', async () => {
    const payload = body();
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    const replies = await Promise.all(Array.from({ length: 8 }, () => send(userAction, payload)));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 400)).toHaveLength(7);
  });

  test('does not carry another body, path or method', async () => {
    const payload = body();
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    expect(await send(userAction, payload.replace('action', 'attack'))).toMatchObject(INVALID);
    expect(await send(userAction, ` ${payload}`)).toMatchObject(INVALID);
    expect(await send(userAction, payload, '/auth/service-accounts')).toMatchObject(INVALID);
    const put = await platform.call('PUT', `/auth/users/${admin.userId}`, {
      token: admin.token,
      userAction,
      body: payload,
    });
    expect(put).toMatchObject(INVALID);
    expect((await send(userAction, payload)).status).toBe(200);
  });

  test('is required', async () => {
    expect(await send(undefined, body())).toMatchObject(INVALID);
    expect(await send('made-up', body())).toMatchObject(INVALID);
  });

  test('expires after two minutes', async () => {
    const payload = body();
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    expect(await startLate(121_000, () => send(userAction, payload))).toMatchObject(INVALID);
  });

  test('of another person, session or organisation does not count', async () => {
    const payload = body();
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    const colleague = await enrol(platform, withoutUser(await invite()));
    const stranger = await anOrganisation(platform);
    const otherSession = { ...admin, token: await signIn(platform, admin.orgId, admin.username, admin.key) };
    for (const person of [colleague, stranger, otherSession])
      expect(await send(userAction, payload, '/auth/users', person)).toMatchObject(INVALID);
  });

  test('is burnt by a call that fails', async () => {
    const payload = JSON.stringify({ email: 'not an address', kind: 'CustomerEmployee' });
    const userAction = await signAction(platform, admin, 'POST', '/auth/users', payload);
    expect((await send(userAction, payload)).status).toBe(400);
    expect(await send(userAction, payload)).toMatchObject(USED);
  });

  test('counts an absent body, empty quotes and an empty object as the same', async () => {
    for (const [signed, sent] of [
      ['', '{}'],
      ['{}', undefined],
      ['""', '{}'],
    ] as const) {
      const target = `/auth/users/${admin.userId}/activate`;
      const userAction = await signAction(platform, admin, 'PUT', target, signed);
      const reply = await platform.call('PUT', target, { token: admin.token, userAction, body: sent });
      expect(reply.status).toBe(200);
    }
  });

  test('may be signed over the path with its query, or without', async () => {
    const target = '/auth/service-accounts/us-00000-00000-0000000000000000';
    for (const signed of [target, `${target}?force=true`]) {
      const userAction = await signAction(platform, admin, 'DELETE', signed, '');
      expect(
        (await platform.call('DELETE', `${target}?force=true`, { token: admin.token, userAction, body: '{}' })).status,
      ).toBe(404);
    }
    const userAction = await signAction(platform, admin, 'DELETE', `${target}?force=false`, '');
    expect(
      await platform.call('DELETE', `${target}?force=true`, { token: admin.token, userAction, body: '{}' }),
    ).toMatchObject(INVALID);
  });

  test('is not given for a wrong signature, a spent challenge or one of another session', async () => {
    const ask = async (person = admin) =>
      (
        await platform.call('POST', '/auth/action/init', {
          token: person.token,
          body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
        })
      ).body;
    const answer = (
      challenge: { challenge: string; challengeIdentifier: string },
      key = admin.key,
      token = admin.token,
    ) =>
      platform.call('POST', '/auth/action', {
        token,
        body: {
          challengeIdentifier: challenge.challengeIdentifier,
          firstFactor: toFirstFactor(key.assert(challenge.challenge)),
        },
      });
    const challenge = await ask();
    expect(await answer(challenge, softwareKey())).toMatchObject({ status: 401, body: { message: 'Not Authorized.' } });
    expect(await answer(challenge, { ...softwareKey(), credId: admin.key.credId })).toMatchObject({ status: 401 });
    expect(
      await answer(challenge, admin.key, await signIn(platform, admin.orgId, admin.username, admin.key)),
    ).toMatchObject({ status: 400, body: { message: 'Challenge token is not valid.' } });
    expect((await answer(challenge)).status).toBe(200);
    expect(await answer(challenge)).toMatchObject({ status: 400, body: { message: 'Challenge token is not valid.' } });
    const late = await ask();
    expect((await startLate(300_000, () => answer(late))).status).toBe(400);
  });
});

describe('a credential', () => {
  test('is added by an existing one and can then sign', async () => {
    const { body: challenge } = await platform.call('POST', '/auth/credentials/init', {
      token: admin.token,
      body: { kind: 'Fido2' },
    });
    const passkey = softwarePasskey({ rpId: 'localhost', origin: 'http://localhost:3000' });
    const request = {
      ...passkey.attest(challenge.challenge),
      credentialName: 'Laptop',
      challengeIdentifier: challenge.challengeIdentifier,
    };
    const added = await performSigned(platform, admin, 'POST', '/auth/credentials', request);
    expect(added).toMatchObject({
      status: 200,
      body: { kind: 'Fido2', name: 'Laptop', relyingPartyId: 'localhost', origin: 'http://localhost:3000' },
    });
    const again = await performSigned(platform, admin, 'POST', '/auth/credentials', request);
    expect(again).toMatchObject({ status: 400, body: { message: 'Challenge token is not valid.' } });
    await signAction(platform, { key: passkey, token: admin.token }, 'POST', '/wallets');
  });
});

describe('a service account', () => {
  test('gets its token once and signs with its own key only', async () => {
    const key = softwareKey('Ed25519');
    const made = await performSigned(platform, admin, 'POST', '/auth/service-accounts', {
      name: 'Robot',
      publicKey: key.publicKey,
    });
    expect(made.status).toBe(200);
    const [accessToken] = made.body.accessTokens;
    expect(made.body.userInfo).toMatchObject({ isServiceAccount: true, username: 'Robot' });
    const robot = {
      token: accessToken.accessToken,
      key: { ...key, assert: (challenge: string) => ({ ...key.assert(challenge), credId: accessToken.credId }) },
    };
    const init = await platform.call('POST', '/auth/action/init', {
      token: robot.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
    });
    expect(init.body.allowCredentials.key).toEqual([{ type: 'public-key', id: accessToken.credId }]);
    expect(init.body.statement.tokenId).toBe(accessToken.tokenId);
    await signAction(platform, robot, 'POST', '/wallets');
    const { body: list } = await platform.call('GET', '/auth/service-accounts', { token: admin.token });
    expect(list.items).toHaveLength(1);
    expect(list.items[0].accessTokens[0]).not.toHaveProperty('accessToken');
  });

  test('is refused with a weak key', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const publicKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    });
    expect(
      (await performSigned(platform, admin, 'POST', '/auth/service-accounts', { name: 'Weak', publicKey })).status,
    ).toBe(400);
  });
});

describe('lists', () => {
  test('of users come in pages, newest first, with a token nobody can invent', async () => {
    const seen: string[] = [];
    let token = '';
    do {
      const { body } = await platform.call('GET', `/auth/users?limit=2${token && `&paginationToken=${token}`}`, {
        token: admin.token,
      });
      seen.push(...body.items.map((user: { userId: string }) => user.userId));
      token = body.nextPageToken ?? '';
    } while (token);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.at(-1)).toBe(admin.userId);
    const { body } = await platform.call('GET', '/auth/users?limit=1', { token: admin.token });
    const forged = await platform.call(
      'GET',
      `/auth/users?limit=1&paginationToken=${body.nextPageToken.slice(0, -2)}aa`,
      { token: admin.token },
    );
    expect(forged.status).toBe(400);
    expect((await platform.call('GET', '/auth/users?limit=201', { token: admin.token })).status).toBe(400);
  });
});

describe('the set-up link', () => {
  test('makes one vouched organisation', async () => {
    const fresh = await startPlatform();
    const token = await createSetupToken(fresh.services);
    const setUp = () =>
      fresh.call('POST', '/x/setup', { body: { token, organisation: 'Acme', username: 'ada@example.com' } });
    const made = await setUp();
    expect(made.status).toBe(200);
    expect((await setUp()).status).toBe(403);
    const { orgId, username, registrationCode } = made.body;
    const person = await enrol(fresh, { orgId, username, registrationCode });
    expect(await fresh.services.getRecord(person.orgId, 'org', person.orgId)).toMatchObject({
      enrolment: 'vouched',
      confirmed: false,
    });
    expect(await createSetupToken(fresh.services)).toBeUndefined();
    await fresh.close();
  });
});

test('nothing secret is ever logged', () => {
  const log = platform.log.join('\n');
  expect(platform.log.length).toBeGreaterThan(50);
  for (const secret of [admin.token, lastMail().code, 'x-dfns-useraction']) expect(log).not.toContain(secret);
});
