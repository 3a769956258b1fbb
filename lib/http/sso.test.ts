import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { CLIENT_ID, CLIENT_SECRET, startIssuer, startProvider, type TestProvider } from './testing/oidc';
import { anOrganisation, performSigned, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const REDIRECT = 'http://localhost:3000/console/sign-in';
let provider: TestProvider;
let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  provider = await startProvider(REDIRECT);
  platform = await startPlatform({
    env: { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET },
  });
  admin = await anOrganisation(platform);
});
afterAll(async () => {
  await platform.close();
  await provider.close();
});

const begin = (body: object = {}) =>
  platform.call('POST', '/auth/login/sso/init', {
    body: { orgId: admin.orgId, clientId: CLIENT_ID, redirectUri: REDIRECT, ...body },
  });
const come = async (email: string) => {
  const begun = await begin();
  const back = await provider.signIn(begun.body.ssoRedirectUrl, email);
  return { code: back.searchParams.get('code'), state: back.searchParams.get('state') };
};
const complete = (body: object) => platform.call('POST', '/auth/login/sso', { body });

describe('a sign-in through the identity provider', () => {
  test('opens a session of the person whose verified address it is', async () => {
    const reply = await complete(await come(admin.username));
    expect(reply.status).toBe(200);
    const me = await platform.call('GET', `/auth/users/${admin.userId}`, { token: reply.body.token });
    expect(me.body.username).toBe(admin.username);
  });
  test('sends the browser there with PKCE, state and nonce', async () => {
    const { searchParams } = new URL((await begin()).body.ssoRedirectUrl);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)?.length ?? 0, name).toBeGreaterThanOrEqual(43);
  });
  test('opens one session per answer', async () => {
    const answer = await come(admin.username);
    const replies = await Promise.all(Array.from({ length: 5 }, () => complete(answer)));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 400)).toHaveLength(4);
  });
  test('does not take the code of one sign-in with the state of another', async () => {
    const [one, two] = [await come(admin.username), await come(admin.username)];
    expect((await complete({ code: one.code, state: two.state })).status).toBe(401);
  });
  test('is refused for a state nobody was given, one that is too old, and a made-up code', async () => {
    expect((await complete({ code: 'x', state: 'y' })).status).toBe(400);
    const late = await come(admin.username);
    platform.advance(11 * 60_000);
    expect((await complete(late)).status).toBe(400);
    platform.advance(-11 * 60_000);
    expect((await complete({ ...(await come(admin.username)), code: 'made-up' })).status).toBe(401);
  });
  test('is refused for an address that is unverified or nobody’s', async () => {
    expect((await complete(await come('unverified@example.com'))).status).toBe(401);
    expect((await complete(await come('nobody@example.com'))).status).toBe(401);
  });
  test('leads back to our own origins only, and knows its own client only', async () => {
    expect((await begin({ redirectUri: 'https://evil.example/' })).status).toBe(400);
    expect((await begin({ clientId: 'another' })).status).toBe(400);
  });
  test('opens a session that changes nothing without a key', async () => {
    const { token } = (await complete(await come(admin.username))).body;
    const stranger = { token, key: softwareKey() };
    await expect(
      performSigned(platform, stranger, 'POST', '/permissions', { name: 'x', operations: ['Wallets:Read'] }),
    ).rejects.toThrow('Not Authorized.');
    const asked = await platform.call('POST', '/permissions', { token, body: { name: 'x', operations: [] } });
    expect(asked).toMatchObject({ status: 403 });
  });
  test('leaves neither state nor code in the database or the log', async () => {
    const answer = await come(admin.username);
    await complete(answer);
    const { rows } = await platform.services.db.pool.query('SELECT * FROM sso_logins');
    for (const secret of [answer.state, answer.code]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(platform.log.join()).not.toContain(secret);
    }
  });
});

test('whoever must come through the provider is told so by a login with a key, and gets no session', async () => {
  const founder = await anOrganisation(platform);
  const send = (isSSORequired: boolean) =>
    performSigned(platform, founder, 'PUT', `/auth/users/${founder.userId}`, { isSSORequired });
  expect((await send(true)).body).toMatchObject({ isSSORequired: true });
  const { orgId, username } = founder;
  const challenge = await platform.call('POST', '/auth/login/init', { body: { orgId, username } });
  const firstFactor = toFirstFactor(founder.key.assert(challenge.body.challenge));
  const reply = await platform.call('POST', '/auth/login', {
    body: { challengeIdentifier: challenge.body.challengeIdentifier, firstFactor },
  });
  expect(reply).toMatchObject({ status: 200, body: { ssoClientId: CLIENT_ID } });
  expect(reply.body.token).toBeUndefined();
});

describe('an id token', () => {
  const idToken = async (claims: object, key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey) =>
    new SignJWT({ email: admin.username, email_verified: true, ...claims })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(provider.issuer)
      .setAudience(CLIENT_ID)
      .setSubject('x')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(key);
  const social = (token: string, target = '/auth/login/social') =>
    platform.call('POST', target, {
      body: { orgId: admin.orgId, socialLoginProviderKind: 'Oidc', idToken: token },
    });

  test('that the provider did not sign is refused', async () => {
    expect((await social(await idToken({}))).status).toBe(401);
    expect((await social('a.b.c')).status).toBe(401);
  });
  test('signed with the client’s own secret is refused', async () => {
    const secret = new TextEncoder().encode(CLIENT_SECRET);
    const forged = await new SignJWT({ email: admin.username, email_verified: true })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(provider.issuer)
      .setAudience(CLIENT_ID)
      .setSubject('x')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(secret);
    expect((await social(forged)).status).toBe(401);
  });
});

describe('an installation without a provider', () => {
  test('says so with 400', async () => {
    const bare = await startPlatform();
    const social = { orgId: 'or-1', socialLoginProviderKind: 'Oidc', idToken: 'x' };
    const bodies: readonly [string, object][] = [
      ['/auth/login/sso/init', { orgId: 'or-1', clientId: 'x', redirectUri: REDIRECT }],
      ['/auth/login/sso', { code: 'x', state: 'y' }],
      ['/auth/login/social', social],
      ['/auth/registration/social', social],
    ];
    for (const [target, body] of bodies) {
      const reply = await bare.call('POST', target, { body });
      expect(reply.status, target).toBe(400);
      expect(reply.body.message, target).toContain('not configured');
    }
    await bare.close();
  });
});

describe('an id token of the provider itself', () => {
  let own: TestPlatform;
  let founder: TestPerson;
  let tokens: (email: string) => Promise<string>;
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  beforeAll(async () => {
    issuer = await startIssuer();
    own = await startPlatform({
      env: { OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET },
    });
    founder = await anOrganisation(own);
    tokens = issuer.token;
  });
  afterAll(async () => {
    await own.close();
    await issuer.close();
  });
  const social = (idToken: string, target = '/auth/login/social') =>
    own.call('POST', target, { body: { orgId: founder.orgId, socialLoginProviderKind: 'Oidc', idToken } });

  test('signs in the person it names, once', async () => {
    const token = await tokens(founder.username);
    expect((await social(token)).body.token.split('.')).toHaveLength(3);
    expect((await social(token)).status).toBe(401);
  });
  test('of another audience, or with an unverified address, is refused', async () => {
    expect((await social(await issuer.token(founder.username, { aud: 'another' }))).status).toBe(401);
    expect((await social(await issuer.token(founder.username, { email_verified: false }))).status).toBe(401);
  });
  test('registers somebody who was invited, and nobody else', async () => {
    const email = 'invited@example.com';
    await performSigned(own, founder, 'POST', '/auth/users', { email, kind: 'CustomerEmployee' });
    const begun = await social(await tokens(email), '/auth/registration/social');
    expect(begun.status).toBe(200);
    const key = softwareKey();
    const done = await own.call('POST', '/auth/registration', {
      token: begun.body.temporaryAuthenticationToken,
      body: { firstFactorCredential: key.attest(begun.body.challenge) },
    });
    expect(done.status).toBe(200);
    expect((await social(await tokens(email), '/auth/registration/social')).status).toBe(401);
    expect((await social(await tokens('nobody@example.com'), '/auth/registration/social')).status).toBe(401);
  });
  test('is not kept anywhere', async () => {
    const token = await tokens(founder.username);
    await social(token);
    const { rows } = await own.services.db.pool.query('SELECT * FROM sso_logins');
    expect(JSON.stringify(rows)).not.toContain(token.split('.')[1]);
    expect(own.log.join()).not.toContain(token.split('.')[2]);
  });
});
