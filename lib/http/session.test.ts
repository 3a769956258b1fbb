import { decode, encode, type JWT } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { authOptions } from './session';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform();
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const options = () => authOptions(platform.services);
// biome-ignore lint/suspicious/noExplicitAny: next-auth calls these with more than is needed here.
const call = (what: unknown, ...args: unknown[]): Promise<any> =>
  (what as (...args: unknown[]) => Promise<unknown>)(...args);
const authorize = (given: object) =>
  call((options().providers[0] as unknown as { options: { authorize: unknown } }).options.authorize, given, {});
const challenge = async () =>
  (await platform.call('POST', '/auth/login/init', { body: { orgId: admin.orgId, username: admin.username } })).body;

test('a passkey opens the session that the cookie names, and signing out ends it', async () => {
  const { challenge: text, challengeIdentifier } = await challenge();
  const user = await authorize({
    challengeIdentifier,
    firstFactor: JSON.stringify(toFirstFactor(admin.key.assert(text))),
  });
  const { secretCookieKey: secret } = platform.services.secrets;
  const cookie = await encode({ token: await call(options().callbacks?.jwt, { token: {}, user }), secret });
  const token = (await decode({ token: cookie, secret })) as JWT;
  const session = () => call(options().callbacks?.session, { session: { expires: '2030-01-01' }, token });
  expect((await session()).user).toEqual({ userId: admin.userId, orgId: admin.orgId });
  const headers = { cookie: `countersign.session=${cookie}`, 'sec-fetch-site': 'same-origin' };
  expect((await platform.call('GET', '/auth/credentials', { headers })).status).toBe(200);
  await call(options().events?.signOut, { token });
  expect((await session()).user).toBeUndefined();
  expect((await platform.call('GET', '/auth/credentials', { headers })).status).toBe(401);
});

test('a wrong answer or no answer opens nothing', async () => {
  const { challengeIdentifier } = await challenge();
  expect(
    await authorize({ challengeIdentifier, firstFactor: JSON.stringify(toFirstFactor(admin.key.assert('another'))) }),
  ).toBeNull();
  expect(await authorize({ challengeIdentifier, firstFactor: '{' })).toBeNull();
  expect(await authorize({})).toBeNull();
});

test('the cookie is out of reach of scripts and other sites, and bound to its host over HTTPS', () => {
  expect(options().cookies?.sessionToken).toEqual({
    name: 'countersign.session',
    options: { httpOnly: true, sameSite: 'strict', path: '/', secure: false },
  });
  const services = {
    ...platform.services,
    settings: { ...platform.services.settings, publicUrl: 'https://wallets.example' },
  };
  expect(authOptions(services).cookies?.sessionToken).toMatchObject({
    name: '__Host-countersign.session',
    options: { secure: true },
  });
});
