import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { FORGIVEN_FAILURES } from '@/lib/db/lockouts';
import { anOrganisation, signIn, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform();
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const init = (username: string) =>
  platform.call('POST', '/auth/login/init', { body: { orgId: admin.orgId, username } });
/** Answers a login challenge with a key that is not the person's. */
const fail = async (username: string) => {
  const challenge = await init(username);
  if (challenge.status !== 200) return challenge;
  const firstFactor = toFirstFactor(softwareKey().assert(challenge.body.challenge));
  return platform.call('POST', '/auth/login', {
    body: { challengeIdentifier: challenge.body.challengeIdentifier, firstFactor },
  });
};
const failToTheEnd = async (username: string) => {
  const seen = [];
  for (let done = 0; done < FORGIVEN_FAILURES; done += 1) seen.push((await fail(username)).status);
  return seen;
};
const shapeOf = ({ status, body, headers }: Awaited<ReturnType<typeof fail>>) => ({
  status,
  message: body.message,
  retryAfter: headers.get('retry-after'),
});

test('failed sign-ins lock a person out for a minute, then for longer each time, and one success forgives', async () => {
  expect(new Set(await failToTheEnd(admin.username))).toEqual(new Set([401]));
  const locked = await init(admin.username);
  expect(locked).toMatchObject({ status: 429, body: { error: { details: { code: 'authentication.locked' } } } });
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
  await expect(signIn(platform, admin.orgId, admin.username, admin.key)).rejects.toThrow();
  platform.advance(61_000);
  expect((await fail(admin.username)).status).toBe(401);
  expect(Number((await init(admin.username)).headers.get('retry-after'))).toBeGreaterThan(110);
  platform.advance(121_000);
  expect(await signIn(platform, admin.orgId, admin.username, admin.key)).toEqual(expect.any(String));
  expect((await fail(admin.username)).status).toBe(401);
  expect((await init(admin.username)).status).toBe(200);
});
test('somebody who does not exist is locked out like everybody else', async () => {
  const seen = await failToTheEnd('nobody@example.com');
  expect(new Set(seen)).toEqual(new Set([401]));
  await failToTheEnd(admin.username);
  expect(shapeOf(await init('nobody@example.com'))).toMatchObject({ status: 429 });
  expect(shapeOf(await init('nobody@example.com')).message.replace(/\d+/, 'n')).toBe(
    shapeOf(await init(admin.username)).message.replace(/\d+/, 'n'),
  );
});
test('a lock-out of one person leaves others alone', async () => {
  expect((await init('somebody-else@example.com')).status).toBe(200);
});
test('wrong registration codes lock out too', async () => {
  const body = { orgId: admin.orgId, username: 'guest@example.com', registrationCode: 'aaaa-aaaa-aaaa-aaaa' };
  for (let done = 0; done < FORGIVEN_FAILURES; done += 1)
    expect((await platform.call('POST', '/auth/registration/init', { body })).status).toBe(403);
  expect((await platform.call('POST', '/auth/registration/init', { body })).status).toBe(429);
});
test('an answer to a challenge asked for before the lock is not heard either', async () => {
  const username = 'early@example.com';
  const early = await init(username);
  await failToTheEnd(username);
  const answer = {
    challengeIdentifier: early.body.challengeIdentifier,
    firstFactor: toFirstFactor(softwareKey().assert(early.body.challenge)),
  };
  expect((await platform.call('POST', '/auth/login', { body: answer })).status).toBe(429);
});
