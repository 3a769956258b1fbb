import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { rotateTokenKey } from './server-secrets';
import { get, send, useKnownNodes } from './testing/checked';
import { aMember, aToken, give } from './testing/members';
import { anOrganisation, signIn, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const MINUTE = 60_000;
let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY, env: { SESSION_HOURS: '2', SESSION_IDLE_MINUTES: '30' } });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const isIn = async (token: string) => (await platform.call('GET', '/auth/credentials', { token })).status === 200;
const again = async (person: TestPerson): Promise<TestPerson> => ({
  ...person,
  token: await signIn(platform, person.orgId, person.username, person.key),
});
const idOf = ({ token }: Pick<TestPerson, 'token'>): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;
const later = async <T>(ms: number, act: () => Promise<T>): Promise<T> => {
  platform.advance(ms);
  try {
    return await act();
  } finally {
    platform.advance(-ms);
  }
};

describe('a session', () => {
  test('ends when nobody uses it for the idle time, and not before', async () => {
    const { token } = await again(admin);
    expect(await later(29 * MINUTE, () => isIn(token))).toBe(true);
    expect(await later(58 * MINUTE, () => isIn(token))).toBe(true);
    expect(await later(89 * MINUTE, () => isIn(token))).toBe(false);
  });

  test('ends at its absolute limit however much it is used', async () => {
    const { token } = await again(admin);
    for (let minutes = 20; minutes < 120; minutes += 20)
      expect(await later(minutes * MINUTE, () => isIn(token))).toBe(true);
    expect(await later(121 * MINUTE, () => isIn(token))).toBe(false);
  });

  test('is written down as used once a minute at most', async () => {
    const person = await again(admin);
    const seen = async () =>
      (await platform.services.identity.findSession(idOf(person)))?.lastSeenAt.getTime() ?? Number.NaN;
    const opened = await seen();
    await later(50_000, () => isIn(person.token));
    expect(await seen()).toBe(opened);
    await later(70_000, () => isIn(person.token));
    expect(await seen()).toBeGreaterThanOrEqual(opened + 70_000);
  });

  test('stays open while the key that signs tokens is replaced', async () => {
    const { token } = await again(admin);
    rotateTokenKey(platform.dataDir, Date.now(), 'believed');
    expect(await isIn(token)).toBe(true);
    const { keys } = (await platform.call('GET', '/.well-known/jwks.json')).body;
    expect(keys.length).toBeGreaterThan(1);
    expect(await isIn((await again(admin)).token)).toBe(true);
  });
});

describe('open sessions', () => {
  test('are listed for their owner, the one that asks marked', async () => {
    const member = await aMember(platform, admin);
    const other = await again(member);
    const { items } = (await get(platform, member, '/x/sessions')).body;
    expect(items.map((item: { sessionId: string; isCurrent: boolean }) => [item.sessionId, item.isCurrent])).toEqual([
      [idOf(other), false],
      [idOf(member), true],
    ]);
    expect(items[0]).toMatchObject({ userId: member.userId, isActive: true });
  });

  test('leave out what is revoked or past its limits', async () => {
    const member = await aMember(platform, admin);
    const other = await again(member);
    await platform.call('PUT', '/auth/logout', { token: other.token });
    expect((await get(platform, member, '/x/sessions')).body.items).toHaveLength(1);
    const fresh = await later(40 * MINUTE, () => again(member));
    const items = await later(41 * MINUTE, async () => (await get(platform, fresh, '/x/sessions')).body.items);
    expect(items.map((item: { sessionId: string }) => item.sessionId)).toEqual([idOf(fresh)]);
  });

  test('of one’s own are revoked by a signed request, and 401 from then on', async () => {
    const member = await aMember(platform, admin);
    const lost = await again(member);
    const path = `/x/sessions/${idOf(lost)}`;
    expect((await platform.call('DELETE', path, { token: member.token })).status).toBe(403);
    expect(await isIn(lost.token)).toBe(true);
    const revoked = await send(platform, member, 'DELETE', path);
    expect(revoked.body).toMatchObject({ sessionId: idOf(lost), isActive: false, isCurrent: false });
    expect(await isIn(lost.token)).toBe(false);
    expect(await isIn(member.token)).toBe(true);
    expect((await send(platform, member, 'DELETE', path)).status).toBe(200);
  });

  test('of somebody else are seen and revoked with permission only', async () => {
    const [member, clerk] = [await aMember(platform, admin), await aMember(platform, admin)];
    const [list, path] = [`/x/sessions?userId=${member.userId}`, `/x/sessions/${idOf(member)}`];
    expect((await platform.call('GET', list, { token: clerk.token })).status).toBe(403);
    expect((await send(platform, clerk, 'DELETE', path)).status).toBe(403);
    await give(platform, admin, clerk.userId, ['Auth:Users:Read', 'Auth:Users:Deactivate']);
    expect((await get(platform, clerk, list)).body.items).toHaveLength(1);
    expect((await send(platform, clerk, 'DELETE', path)).status).toBe(200);
    expect(await isIn(member.token)).toBe(false);
  });

  test('are not the business of a token of the same person without permission', async () => {
    const member = await aMember(platform, admin, ['Auth:Pats:Create']);
    const token = await aToken(platform, member);
    expect((await platform.call('GET', '/x/sessions', { token: token.token })).status).toBe(403);
    expect((await send(platform, token, 'DELETE', `/x/sessions/${idOf(member)}`)).status).toBe(403);
  });

  test('of another organisation are not found', async () => {
    const stranger = await anOrganisation(platform);
    const list = await platform.call('GET', `/x/sessions?userId=${admin.userId}`, { token: stranger.token });
    expect(list.status).toBe(404);
    expect((await send(platform, stranger, 'DELETE', `/x/sessions/${idOf(admin)}`)).status).toBe(404);
    expect(await isIn(admin.token)).toBe(true);
  });
});

describe('an organisation', () => {
  test('shortens the operator’s limits of its own sign-ins, and of nobody else’s', async () => {
    const [own, other] = [await anOrganisation(platform), await anOrganisation(platform)];
    const { body: organisation } = await get(platform, own, '/x/organisation');
    const { strict, origins, sessions } = organisation;
    expect(sessions).toEqual({ lifeMinutes: null, idleMinutes: null });
    const settings = { strict, origins, sessions: { lifeMinutes: 30, idleMinutes: 10 } };
    const changed = await send(platform, own, 'POST', '/x/organisation/settings', settings);
    expect(changed).toMatchObject({ status: 200, body: settings });
    expect((await get(platform, own, '/x/organisation')).body).toMatchObject(settings);
    const [first, elsewhere] = [await again(own), await again(other)];
    expect(await later(9 * MINUTE, () => isIn(first.token))).toBe(true);
    expect(await later(20 * MINUTE, () => isIn(first.token))).toBe(false);
    expect(await later(20 * MINUTE, () => isIn(elsewhere.token))).toBe(true);
    const used = await again(own);
    for (const minutes of [8, 16, 24, 29]) expect(await later(minutes * MINUTE, () => isIn(used.token))).toBe(true);
    expect(await later(31 * MINUTE, () => isIn(used.token))).toBe(false);
  });
  test('takes no setting that nobody knows', async () => {
    const own = await anOrganisation(platform);
    const { origins } = (await get(platform, own, '/x/organisation')).body;
    const settings = { strict: false, origins, sessions: { lifeMinutes: null, idleMinutes: null } };
    for (const body of [
      { ...settings, other: 1 },
      { ...settings, origins: [] },
      { ...settings, origins: ['https://elsewhere.example'] },
      { ...settings, sessions: { lifeMinutes: 0, idleMinutes: null } },
      { strict: true },
    ])
      expect((await send(platform, own, 'POST', '/x/organisation/settings', body)).status).toBe(400);
  });
});
