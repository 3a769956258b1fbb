import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { chain, get, send, useKnownNodes } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
});
afterAll(() => platform.close());

const later = () => new Promise((resolve) => setTimeout(resolve, 5));
const aRole = async (name: string, operations: readonly string[]) =>
  (await send(platform, admin, 'POST', '/permissions', { name, operations })).body.id as string;
const invited = async (email: string) =>
  (await send(platform, admin, 'POST', '/auth/users', { email, kind: 'CustomerEmployee' })).body.userId as string;
const accountWith = async (permissionId: string) => {
  const body = { name: 'Machine', publicKey: softwareKey().publicKey, permissionId };
  return (await send(platform, admin, 'POST', '/auth/service-accounts', body)).body.userInfo.userId as string;
};

test('an administrator may do everything, because of the managed role', async () => {
  const { body } = await get(platform, admin, `/x/access/identities/${admin.userId}`);
  expect(body.barred).toBeNull();
  expect(body.operations.length).toBeGreaterThan(100);
  expect(body.operations[0].because).toMatchObject([{ permissionName: 'DfnsFullAdminAccess', as: '*' }]);
});

test('what somebody may do is told with the role that gives it, also for a moment long past', async () => {
  const role = await aRole('Signs', ['Wallets:Sign']);
  const account = await accountWith(role);
  await later();
  const whileHeld = new Date().toISOString();
  await later();
  const assignments = (await get(platform, admin, `/permissions/${role}/assignments`)).body.items;
  await send(platform, admin, 'DELETE', `/permissions/${role}/assignments/${assignments[0].id}`);
  await chain(platform);
  expect((await get(platform, admin, `/x/access/identities/${account}`)).body.operations).toEqual([]);
  const { body } = await get(platform, admin, `/x/access/identities/${account}?at=${whileHeld}`);
  expect(body.seq).toBeGreaterThan(0);
  expect(body.operations.map((item: { operation: string }) => item.operation)).toContain('Wallets:Transfers:Create');
  expect(body.operations[0].because).toMatchObject([{ permissionName: 'Signs', as: 'Wallets:Sign' }]);

  const holding = async (at: string) =>
    (await get(platform, admin, `/x/access/holders?operation=Wallets:Transfers:Create${at}`)).body.items.map(
      (item: { identityId: string }) => item.identityId,
    );
  expect(await holding(`&at=${whileHeld}`)).toEqual(expect.arrayContaining([admin.userId, account]));
  expect(await holding('')).not.toContain(account);
});

test('somebody who has not registered holds nothing yet, whatever they were given', async () => {
  const role = await aRole('Reads', ['Wallets:Read']);
  const userId = await invited('new@example.test');
  await send(platform, admin, 'POST', `/permissions/${role}/assignments`, { identityId: userId });
  const { body } = await get(platform, admin, `/x/access/identities/${userId}`);
  expect(body).toMatchObject({ barred: 'notRegistered', operations: [] });
});

test('a moment ahead is refused, one before the organisation is not found, and others see nothing', async () => {
  const ask = (query: string, who = admin, id = admin.userId) =>
    platform.call('GET', `/x/access/identities/${id}${query}`, { token: who.token });
  expect(await ask(`?at=${new Date(Date.now() + 60_000).toISOString()}`)).toMatchObject({ status: 400 });
  expect(await ask('?at=2001-01-01T00:00:00.000Z')).toMatchObject({ status: 404 });
  expect(await ask('?at=yesterday')).toMatchObject({ status: 400 });
  expect(await ask('', stranger)).toMatchObject({ status: 404 });
  const unknown = await platform.call('GET', '/x/access/holders?operation=Wallets:Steal', { token: admin.token });
  expect(unknown.status).toBe(400);
});
