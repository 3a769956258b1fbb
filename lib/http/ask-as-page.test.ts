import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { askingAsPage } from './ask-as-page';
import { aMember } from './testing/members';
import { anOrganisation, signIn, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

/** The cookie of a sign-in of its own. */
const cookieOf = async ({ orgId, userId, username, key }: TestPerson) => {
  const token = await signIn(platform, orgId, username, key);
  const sid: string = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;
  const sealed = await encode({
    token: { sid, orgId, userId },
    secret: platform.services.secrets.secretCookieKey,
  });
  return { sid, cookie: `countersign.session=${sealed}` };
};
const VISIT = { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' };
const asking = (headers: Record<string, string>) =>
  askingAsPage(new Headers(headers), { api: platform.app, settings: platform.services.settings });

test('a page is told what the API tells its reader, and nothing that it would refuse them', async () => {
  const member = await aMember(platform, admin, []);
  for (const person of [admin, member]) {
    const { cookie } = await cookieOf(person);
    const ask = asking({ ...VISIT, cookie });
    for (const url of [`/auth/users/${person.userId}`, '/x/organisation', '/x/approvals?limit=100', '/permissions']) {
      const { status, body } = await platform.call('GET', url, { token: person.token });
      expect(await ask?.(url), `${url} of ${person.username}`).toEqual(status === 200 ? body : null);
    }
  }
});

test('a page asks with the cookie alone, whatever else came with the request for it', async () => {
  const { cookie } = await cookieOf(admin);
  const ask = asking({ ...VISIT, cookie: `a=b; ${cookie}`, authorization: 'Bearer a.b.c', 'x-dfns-useraction': 'a' });
  expect(await ask?.('/x/organisation')).toMatchObject({ id: admin.orgId });
});

test('nothing is told without a session, with a forged one, or once it is revoked', async () => {
  const { cookie, sid } = await cookieOf(admin);
  expect(asking(VISIT)).toBeNull();
  expect(await asking({ ...VISIT, cookie: `${cookie.slice(0, -4)}AAAA` })?.('/x/organisation')).toBeNull();
  const ask = asking({ ...VISIT, cookie });
  expect(await ask?.('/x/organisation')).not.toBeNull();
  await platform.services.identity.revokeSession(sid, new Date());
  expect(await ask?.('/x/organisation')).toBeNull();
});

test.each([
  ['of another site', { 'sec-fetch-site': 'cross-site' }],
  ['of another origin of this site', { 'sec-fetch-site': 'same-site' }],
  ['by a script', { 'sec-fetch-dest': 'empty' }],
  ['by a frame', { 'sec-fetch-dest': 'iframe' }],
  ['of a browser that does not say why', { 'sec-fetch-site': '' }],
])('a request for the page %s is told nothing', async (_, headers) => {
  const { cookie } = await cookieOf(admin);
  expect(asking({ ...VISIT, cookie, ...headers })).toBeNull();
});
