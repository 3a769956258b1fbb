import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IdentityStore } from '@/lib/authentication/ports';
import { createDb, type Db } from '@/lib/db/client';
import { createIdentityStore } from '@/lib/db/identity-store';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';

let database: TestDatabase;
let db: Db;
let store: IdentityStore;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url });
  store = createIdentityStore(db);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
const NOW = new Date();
const later = (ms: number) => new Date(NOW.getTime() + ms);

test('a challenge is spent by exactly one of many callers', async () => {
  await store.createChallenge({
    id: 'ch-1',
    purpose: 'login',
    orgId: 'or-1',
    userId: null,
    jti: null,
    challenge: 'x',
    statement: null,
    recovery: null,
    allowCredentials: ['cr-1'],
    attempt: null,
    expiresAt: later(1000),
  });
  expect(await store.findChallenge('ch-1', 'login', NOW)).toMatchObject({
    allowCredentials: ['cr-1'],
    attempt: null,
    statement: null,
  });
  expect(await store.findChallenge('ch-1', 'registration', NOW)).toBeNull();
  const winners = await Promise.all(Array.from({ length: 20 }, () => store.consumeChallenge('ch-1', NOW)));
  expect(winners.filter(Boolean)).toHaveLength(1);
  expect(await store.findChallenge('ch-1', 'login', NOW)).toBeNull();
});

test('an expired challenge can be neither found nor spent', async () => {
  await store.createChallenge({
    id: 'ch-2',
    purpose: 'login',
    orgId: 'or-1',
    userId: 'us-1',
    jti: null,
    challenge: 'x',
    statement: null,
    recovery: null,
    allowCredentials: [],
    attempt: null,
    expiresAt: later(1000),
  });
  expect(await store.findChallenge('ch-2', 'login', later(1001))).toBeNull();
  expect(await store.consumeChallenge('ch-2', later(1001))).toBe(false);
});

test('a username is taken once per organisation', async () => {
  const person = { username: 'a@example.com', externalId: null };
  expect(await store.createPerson({ ...person, userId: 'us-1', orgId: 'or-1' })).toBe(true);
  expect(await store.createPerson({ ...person, userId: 'us-2', orgId: 'or-1' })).toBe(false);
  expect(await store.createPerson({ ...person, userId: 'us-3', orgId: 'or-2' })).toBe(true);
});

test('a new registration code voids the former one', async () => {
  const code = { orgId: 'or-1', userId: 'us-1', expiresAt: later(1000) };
  await store.replaceRegistrationCode({ ...code, hash: 'one' });
  await store.replaceRegistrationCode({ ...code, hash: 'two' });
  expect(await store.findRegistrationCode('one')).toBeNull();
  expect(await store.findRegistrationCode('two')).toMatchObject({ userId: 'us-1' });
});

test('a counter that moves must rise; one that never moves stays zero', async () => {
  expect(await store.raiseCounter('cr-a', 0, false)).toBe(true);
  expect(await store.raiseCounter('cr-a', 0, false)).toBe(true);
  expect(await store.raiseCounter('cr-a', 5, false)).toBe(true);
  expect(await store.raiseCounter('cr-a', 5, false)).toBe(false);
  expect(await store.raiseCounter('cr-a', 0, false)).toBe(false);
  expect(await store.raiseCounter('cr-a', 6, false)).toBe(true);
});

test('of ten requests a minute the eleventh is refused and told how long to wait', async () => {
  const waits = await Promise.all(Array.from({ length: 11 }, () => store.takeRequest('or-9', 10)));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  expect(Math.max(...waits)).toBeGreaterThan(0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(60);
});
