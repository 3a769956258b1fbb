import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { chain, get, send, useKnownNodes } from './testing/checked';
import { aGuest, aMember, aToken, bearerOf, give } from './testing/members';
import {
  anOrganisation,
  signAction,
  signIn,
  startPlatform,
  type TestPerson,
  type TestPlatform,
} from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const status = async (method: string, path: string, token: string) =>
  (await platform.call(method, path, { token })).status;
const isIn = async (token: string) => (await status('GET', '/auth/credentials', token)) === 200;
const REMOVALS = [
  ['deactivated', 'PUT', '/deactivate'],
  ['archived', 'DELETE', ''],
] as const;

describe.each(REMOVALS)('a person who is %s', (_, method, suffix) => {
  const remove = (userId: string, by = admin) => send(platform, by, method, `/auth/users/${userId}${suffix}`);

  test('is 401 with sessions and tokens at once, and signs nothing that was begun', async () => {
    const member = await aMember(platform, admin, ['Auth:Pats:Create', 'Permissions:Create']);
    const token = await aToken(platform, member);
    const payload = JSON.stringify({ name: `begun ${suffix}`, operations: ['Wallets:Read'] });
    const userAction = await signAction(platform, member, 'POST', '/permissions', payload);
    expect((await remove(member.userId)).body).toMatchObject({ userId: member.userId, isActive: false });
    expect(await isIn(member.token)).toBe(false);
    expect(await isIn(token.token)).toBe(false);
    const begun = await platform.call('POST', '/permissions', { token: member.token, userAction, body: payload });
    expect(begun.status).toBe(401);
    await expect(signIn(platform, member.orgId, member.username, member.key)).rejects.toThrow('deactivated');
  });

  test('who was only invited can’t register', async () => {
    const guest = await aGuest(platform, admin);
    await remove(guest.userId);
    const { orgId, username, registrationCode } = guest;
    const init = { body: { orgId, username, registrationCode } };
    expect((await platform.call('POST', '/auth/registration/init', init)).status).toBe(403);
    await platform.call('PUT', '/auth/registration/code', { body: { orgId, username } });
    expect((await platform.call('POST', '/auth/registration/init', init)).status).toBe(403);
  });

  test('may not be the last administrator', async () => {
    const refused = await remove(admin.userId);
    expect(refused).toMatchObject({ status: 409, body: { error: { details: { code: 'permission.last_admin' } } } });
  });

  test('may not be somebody whom a policy on policies needs', async () => {
    const other = await anOrganisation(platform);
    const [ann, ben] = [
      await aMember(platform, other, ['Policies:Approvals:Approve']),
      await aMember(platform, other, ['Policies:Approvals:Approve']),
    ];
    const policy = await send(platform, other, 'POST', '/v2/policies', {
      name: 'Two eyes',
      activityKind: 'Policies:Modify',
      rule: { kind: 'AlwaysTrigger' },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [{ quorum: 1, approvers: { userId: { in: [ann.userId, ben.userId] } } }],
      },
    });
    const refused = await remove(ann.userId, other);
    expect(refused).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('“Two eyes”'), error: { details: { policyId: policy.body.id } } },
    });
    expect(await isIn(ann.token)).toBe(true);
  });

  test('is not found from another organisation, and keeps what they have', async () => {
    const [member, guest, stranger] = [
      await aMember(platform, admin),
      await aGuest(platform, admin),
      await anOrganisation(platform),
    ];
    for (const { userId } of [member, guest])
      for (const [, how, path] of [...REMOVALS, ['', 'PUT', '/activate'] as const])
        expect((await send(platform, stranger, how, `/auth/users/${userId}${path}`)).status).toBe(404);
    expect(await isIn(member.token)).toBe(true);
    const { orgId, username, registrationCode } = guest;
    const init = { body: { orgId, username, registrationCode } };
    expect((await platform.call('POST', '/auth/registration/init', init)).status).toBe(200);
  });

  test('is removed by holders of the permission only', async () => {
    const [member, other] = [await aMember(platform, admin), await aMember(platform, admin)];
    expect((await remove(member.userId, other)).status).toBe(403);
  });
});

test('a person activated again signs in anew: no former session revives', async () => {
  const member = await aMember(platform, admin);
  await send(platform, admin, 'PUT', `/auth/users/${member.userId}/deactivate`);
  // As if the server had died between the ledger and the sessions.
  await platform.services.db.pool.query('UPDATE sessions SET revoked_at = NULL WHERE user_id = $1', [member.userId]);
  const activated = await send(platform, admin, 'PUT', `/auth/users/${member.userId}/activate`);
  expect(activated.body).toMatchObject({ isActive: true });
  expect(await isIn(member.token)).toBe(false);
  expect(await isIn(await signIn(platform, member.orgId, member.username, member.key))).toBe(true);
});

test('activating somebody active ends nothing', async () => {
  const member = await aMember(platform, admin);
  await send(platform, admin, 'PUT', `/auth/users/${member.userId}/activate`);
  expect(await isIn(member.token)).toBe(true);
});

test('an archived person is in no list and at no address, and their name stays taken', async () => {
  const member = await aMember(platform, admin, ['Wallets:Read']);
  await send(platform, admin, 'DELETE', `/auth/users/${member.userId}`);
  expect(await status('GET', `/auth/users/${member.userId}`, admin.token)).toBe(404);
  const { items } = (await get(platform, admin, '/auth/users?limit=200')).body;
  expect(items.map((item: { userId: string }) => item.userId)).not.toContain(member.userId);
  expect((await send(platform, admin, 'PUT', `/auth/users/${member.userId}/activate`)).status).toBe(404);
  const again = { email: member.username, kind: 'CustomerEmployee' };
  expect((await send(platform, admin, 'POST', '/auth/users', again)).status).toBe(401);
});

test('single sign-on is not required of anybody while there is none', async () => {
  const member = await aMember(platform, admin);
  const require = (isSSORequired: boolean) =>
    send(platform, admin, 'PUT', `/auth/users/${member.userId}`, { isSSORequired });
  expect((await require(false)).body).toMatchObject({ userId: member.userId, isSSORequired: false });
  expect(await require(true)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('isSSORequired') },
  });
});

describe('a service account', () => {
  const aRobot = async (name = 'robot') => {
    const key = softwareKey('Ed25519');
    const { body } = await send(platform, admin, 'POST', '/auth/service-accounts', { name, publicKey: key.publicKey });
    return { id: body.userInfo.userId as string, ...bearerOf(body.accessTokens[0], key) };
  };
  const path = (id: string, suffix = '') => `/auth/service-accounts/${id}${suffix}`;

  test('is renamed, deactivated, activated and archived', async () => {
    const robot = await aRobot();
    const renamed = await send(platform, admin, 'PUT', path(robot.id), { name: 'android' });
    expect(renamed.body).toMatchObject({ userInfo: { username: 'android' }, accessTokens: [{ name: 'android' }] });
    const off = await send(platform, admin, 'PUT', path(robot.id, '/deactivate'));
    expect(off.body).toMatchObject({ userInfo: { isActive: false }, accessTokens: [{ isActive: false }] });
    expect(await isIn(robot.token)).toBe(false);
    await send(platform, admin, 'PUT', path(robot.id, '/activate'));
    expect(await isIn(robot.token)).toBe(true);
    expect((await send(platform, admin, 'DELETE', path(robot.id))).body).toMatchObject({
      userInfo: { isActive: false },
    });
    expect(await isIn(robot.token)).toBe(false);
    expect(await status('GET', path(robot.id), admin.token)).toBe(404);
    const { items } = (await get(platform, admin, '/auth/service-accounts')).body;
    expect(items.map((item: { userInfo: { userId: string } }) => item.userInfo.userId)).not.toContain(robot.id);
  });

  test('that approves for a policy goes with a full administrator’s force only, which no signature need cover', async () => {
    const robot = await aRobot();
    await give(platform, admin, robot.id, ['Policies:Approvals:Approve']);
    const { body: policy } = await send(platform, admin, 'POST', '/v2/policies', {
      name: 'Robots agree',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger' },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [{ quorum: 1, approvers: { userId: { in: [robot.id] } }, serviceAccountsCanApprove: true }],
      },
    });
    const guarded = { status: 409, body: { error: { details: { policyIds: [policy.id] } } } };
    expect(await send(platform, admin, 'PUT', path(robot.id, '/deactivate'))).toMatchObject(guarded);
    expect(await send(platform, admin, 'DELETE', path(robot.id))).toMatchObject(guarded);
    // As the SDK does it: the path is signed without its query.
    const forced = async (who: Pick<TestPerson, 'key' | 'token'>) => {
      const userAction = await signAction(platform, who, 'DELETE', path(robot.id), '{}');
      return platform.call('DELETE', `${path(robot.id)}?force=true`, { token: who.token, userAction, body: '{}' });
    };
    const clerk = await aMember(platform, admin, ['Auth:ServiceAccounts:Delete']);
    expect(await forced(clerk)).toMatchObject(guarded);
    expect((await forced(admin)).status).toBe(200);
    expect(await isIn(robot.token)).toBe(false);
  });

  test('is not found from another organisation', async () => {
    const [robot, stranger] = [await aRobot(), await anOrganisation(platform)];
    for (const [method, suffix] of [
      ['PUT', ''],
      ['PUT', '/activate'],
      ['PUT', '/deactivate'],
      ['DELETE', ''],
    ] as const)
      expect((await send(platform, stranger, method, path(robot.id, suffix))).status).toBe(404);
    expect(await isIn(robot.token)).toBe(true);
  });
});

test('what a signer node replays is what the database holds', async () => {
  await chain(platform);
  expect(await compareReplayWithDatabase(platform.services.db, admin.orgId)).toEqual([]);
});
