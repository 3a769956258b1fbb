import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { chain, get, send, useKnownNodes } from './testing/checked';
import { aMember, aRole, aToken, type Bearer, give } from './testing/members';
import { anOrganisation, performSigned, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const ROLE = { operations: ['Wallets:Read'] };
const makeRole = (bearer: Pick<Bearer, 'token' | 'key'>, name: string) =>
  send(platform, bearer, 'POST', '/permissions', { name, ...ROLE });
const isIn = async ({ token }: Pick<Bearer, 'token'>) =>
  (await platform.call('GET', '/auth/pats', { token })).status === 200;
const change = (who: Pick<TestPerson, 'key' | 'token'>, { tokenId }: Bearer, what = '', body: object = {}) =>
  send(platform, who, what === 'DELETE' ? 'DELETE' : 'PUT', `/auth/pats/${tokenId}${what.replace('DELETE', '')}`, body);

describe('a personal access token', () => {
  test('is shown once with what bears it, and then without', async () => {
    const key = softwareKey();
    const made = await send(platform, admin, 'POST', '/auth/pats', { name: 'laptop', publicKey: key.publicKey });
    expect(made.body).toMatchObject({
      kind: 'Pat',
      name: 'laptop',
      isActive: true,
      linkedUserId: admin.userId,
      linkedAppId: '',
      permissionAssignments: [],
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      publicKey: expect.stringMatching(/^SHA256:/),
    });
    const { tokenId } = made.body;
    const read = (await get(platform, admin, `/auth/pats/${tokenId}`)).body;
    expect(read).not.toHaveProperty('accessToken');
    expect((await get(platform, admin, '/auth/pats')).body.items).toContainEqual(read);
  });

  test('may do what both it and its owner may', async () => {
    const owner = await aMember(platform, admin, ['Auth:Pats:Create', 'Permissions:Create']);
    const token = await aToken(platform, owner);
    const refused = await makeRole(token, 'by token 1');
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('(Permissions:Create)') } });
    await give(platform, admin, token.tokenId, ['Permissions:Create', 'Permissions:Read']);
    expect((await makeRole(token, 'by token 2')).status).toBe(200);
    expect((await platform.call('GET', '/permissions', { token: token.token })).status).toBe(403);
    const { body } = await get(platform, owner, `/auth/pats/${token.tokenId}`);
    expect(body.permissionAssignments).toMatchObject([{ operations: ['Permissions:Create', 'Permissions:Read'] }]);
  });

  test('signs with its own key only', async () => {
    const token = await aToken(platform, admin);
    const init = await platform.call('POST', '/auth/action/init', {
      token: token.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
    });
    expect(init.body.allowCredentials).toEqual({
      key: [{ type: 'public-key', id: token.key.credId }],
      webauthn: [],
    });
    expect(init.body.statement).toMatchObject({ userId: admin.userId, tokenId: token.tokenId });
  });

  test('names its key in what its owner signs', async () => {
    const body = { name: 'n', publicKey: softwareKey().publicKey };
    const init = await platform.call('POST', '/auth/action/init', {
      token: admin.token,
      body: {
        userActionPayload: JSON.stringify(body),
        userActionHttpMethod: 'POST',
        userActionHttpPath: '/auth/pats',
      },
    });
    expect(init.body.statement.context).toEqual({ publicKey: body.publicKey });
  });

  test('holds the permission it is made with, given by somebody who may assign it', async () => {
    const permissionId = await aRole(platform, admin, ['Wallets:Read']);
    const token = await aToken(platform, admin, { permissionId });
    const { body } = await get(platform, admin, `/auth/pats/${token.tokenId}`);
    expect(body.permissionAssignments).toMatchObject([{ permissionId }]);
    const { items } = (await get(platform, admin, `/permissions/${permissionId}/assignments`)).body;
    expect(items).toMatchObject([{ identityId: token.tokenId }]);
    const member = await aMember(platform, admin, ['Auth:Pats:Create']);
    const refused = await performSigned(platform, member, 'POST', '/auth/pats', {
      name: 'x',
      publicKey: softwareKey().publicKey,
      permissionId,
    });
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('(Permissions:Assign)') } });
  });

  test('is 401 from the moment it is deactivated or archived, and back when activated', async () => {
    const token = await aToken(platform, admin);
    expect(await isIn(token)).toBe(true);
    expect((await change(admin, token, '/deactivate')).body).toMatchObject({ isActive: false });
    expect(await isIn(token)).toBe(false);
    expect((await change(admin, token, '/activate')).body).toMatchObject({ isActive: true });
    expect(await isIn(token)).toBe(true);
    expect((await change(admin, token, 'DELETE')).body).toMatchObject({ isActive: false });
    expect(await isIn(token)).toBe(false);
    const gone = await platform.call('GET', `/auth/pats/${token.tokenId}`, { token: admin.token });
    expect(gone).toMatchObject({ status: 404, body: { error: { details: { tokenId: token.tokenId } } } });
    expect((await change(admin, token, '/activate')).status).toBe(404);
  });

  test('is 401 once its time is over', async () => {
    const token = await aToken(platform, admin, { secondsValid: 600, daysValid: 730 });
    expect(await isIn(token)).toBe(true);
    platform.advance(600_000);
    expect(await isIn(token)).toBe(false);
    platform.advance(-600_000);
  });

  test('gets a new name; an external id is taken and no other property', async () => {
    const token = await aToken(platform, admin);
    const renamed = await change(admin, token, '', { name: 'renamed', externalId: 'ci-7' });
    expect(renamed.body).toMatchObject({ name: 'renamed', tokenId: token.tokenId });
    expect((await change(admin, token, '', { isActive: false })).status).toBe(400);
  });

  test('makes no tokens, service accounts or credentials', async () => {
    const token = await aToken(platform, admin);
    await give(platform, admin, token.tokenId, ['Auth:Pats:Create', 'Auth:ServiceAccounts:Create']);
    const body = { name: 'more', publicKey: softwareKey().publicKey };
    for (const path of ['/auth/pats', '/auth/service-accounts'])
      expect((await performSigned(platform, token, 'POST', path, body)).status).toBe(403);
    const init = { token: token.token, body: { kind: 'Key' } };
    expect((await platform.call('POST', '/auth/credentials/init', init)).status).toBe(403);
  });

  test('is not there for anybody but its owner, in this organisation or another', async () => {
    const token = await aToken(platform, admin);
    const others = [await aMember(platform, admin, ['Auth:Users:Read']), await anOrganisation(platform)];
    for (const other of others) {
      const read = await platform.call('GET', `/auth/pats/${token.tokenId}`, { token: other.token });
      expect(read.status).toBe(404);
      expect((await get(platform, other, '/auth/pats')).body.items).toEqual([]);
      for (const what of ['', '/activate', '/deactivate', 'DELETE'])
        expect((await change(other, token, what)).status).toBe(404);
    }
  });

  test.each([
    ['a weak key', { publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' }],
    ['731 days', { daysValid: 731 }],
    ['no seconds', { secondsValid: 0 }],
    ['an unknown property', { permissions: ['Wallets:Read'] }],
  ])('is refused with %s', async (_, more) => {
    const body = { name: 'x', publicKey: softwareKey().publicKey, ...more };
    expect((await performSigned(platform, admin, 'POST', '/auth/pats', body)).status).toBe(400);
  });
});

test('what a token called is kept for its organisation’s developers, and nothing of what it said', async () => {
  const stranger = await anOrganisation(platform);
  const token = await aToken(platform, admin);
  const called = await platform.call('GET', '/auth/pats?secret=word', { token: token.token });
  const refused = await platform.call('GET', '/wallets/wa-none', { token: token.token });
  const listOf = async (person: Pick<TestPerson, 'token'>, query = '') =>
    (await get(platform, person, `/x/request-log?tokenId=${token.tokenId}${query}`)).body.items;
  await expect.poll(() => listOf(admin), { timeout: 20_000 }).toHaveLength(2);
  const [last, first] = await listOf(admin);
  expect(first).toMatchObject({
    requestId: called.headers.get('x-request-id'),
    method: 'GET',
    path: '/auth/pats',
    operation: 'auth.listPersonalAccessTokens',
    status: called.status,
    userId: admin.userId,
    tokenId: token.tokenId,
  });
  expect(last).toMatchObject({ path: '/wallets/wa-none', status: refused.status });
  expect(JSON.stringify(await listOf(admin))).not.toContain('secret');
  expect(await listOf(admin, '&failed=true')).toEqual([last, first].filter((one) => one.status >= 400));
  expect(await listOf(stranger)).toEqual([]);
});

test('there are no applications', async () => {
  expect((await get(platform, admin, '/auth/apps')).body).toEqual({ items: [] });
  expect((await platform.call('GET', '/auth/apps/ap-1', { token: admin.token })).status).toBe(404);
});

test('what a signer node replays is what the database holds', async () => {
  await chain(platform);
  expect(await compareReplayWithDatabase(platform.services.db, admin.orgId)).toEqual([]);
});
