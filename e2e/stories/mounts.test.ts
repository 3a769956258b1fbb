import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNextMount } from '../support/next-mount';
import { clientFor, type Person } from '../support/person';
import { newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
let mounts: readonly string[];
let stop = () => {};
beforeAll(async () => {
  admin = await newOrganisation(system);
  const next = await startNextMount(system);
  stop = next.stop;
  mounts = [system.baseUrl, next.url];
});
afterAll(() => stop());

/** What both mounts must answer alike; ids and dates of the answer itself set aside. */
const answers = (method: string, path: string, init: { token?: string; body?: string; type?: string } = {}) =>
  Promise.all(
    mounts.map(async (url) => {
      const response = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: {
          ...(init.token ? { authorization: `Bearer ${init.token}` } : {}),
          ...(init.body === undefined ? {} : { 'content-type': init.type ?? 'application/json' }),
        },
        ...(init.body === undefined ? {} : { body: init.body }),
      });
      const text = (await response.text()).replace(/"id":"[0-9a-f-]{36}"/g, '"id":"…"');
      const names = [
        'content-type',
        'allow',
        'location',
        'access-control-allow-origin',
        'access-control-allow-headers',
      ];
      return { status: response.status, text, headers: names.map((name) => response.headers.get(name)) };
    }),
  );

test('both mounts answer reads alike, with a session and without', async () => {
  const paths = ['/health/live', '/wallets', `/auth/users/${admin.userId}`, '/permissions?limit=1', '/v2/policies'];
  for (const path of [...paths, '/wallets?limit=0', '/wallets/wa-unknown', '/webhooks', '/openapi.json'])
    for (const token of [undefined, admin.token]) {
      const [direct, next] = await answers('GET', path, { token });
      expect(next, path).toEqual(direct);
    }
});

test('both mounts answer what is refused alike, in JSON', async () => {
  const asked = [
    ['GET', '/nowhere'],
    ['GET', '/wallets/'],
    ['PATCH', '/permissions'],
    ['OPTIONS', '/wallets'],
    ['HEAD', '/wallets'],
    ['GET', '/wallets/%2e%2e'],
    ['GET', '/wallets/a%2Fb'],
  ] as const;
  for (const [method, path] of asked) {
    const [direct, next] = await answers(method, path, { token: admin.token });
    expect(next, `${method} ${path}`).toEqual(direct);
  }
  for (const body of ['{"a":1,"a":2}', '[', `"${'x'.repeat(2_000_000)}"`])
    for (const type of ['application/json', 'text/plain']) {
      const [direct, next] = await answers('POST', '/permissions', { token: admin.token, body, type });
      expect(next, body.slice(0, 20)).toEqual(direct);
      expect(next?.status).toBeGreaterThanOrEqual(400);
    }
});

test('a signed change through either mount is seen through the other', async () => {
  for (const [here, there] of [mounts, [...mounts].reverse()]) {
    const made = await clientFor(here ?? '', admin).permissions.createPermission({
      body: { name: `Mounted ${Math.random()}`, operations: ['Wallets:Read'] },
    });
    const read = await clientFor(there ?? '', admin).permissions.getPermission({ permissionId: made.id });
    expect(read).toEqual(made);
    await clientFor(here ?? '', admin).permissions.createAssignment({
      permissionId: made.id,
      body: { identityId: admin.userId },
    });
  }
});
