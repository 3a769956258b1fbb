import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { send } from './testing/checked';
import { addKey, aMember } from './testing/people';
import { anOrganisation, signIn, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  admin = await anOrganisation(platform);
});
afterEach(() => vi.useRealTimers());
afterAll(() => platform.close());

const BEAT_MS = 15_000;

/** A live-update stream whose beats the test gives. */
const open = async (token: string) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const response = await platform.app.request('http://localhost:3000/x/events', {
    headers: { authorization: `Bearer ${token}` },
  });
  const reader = response.body?.getReader();
  if (!reader) throw new Error('There is no stream.');
  const next = async (): Promise<string | null> => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  expect(await next()).toBe(': open\n\n');
  return { next, beat: () => vi.advanceTimersByTime(BEAT_MS), end: () => reader.cancel() };
};

test('a stream goes on while its session does', async () => {
  const stream = await open(admin.token);
  for (let beats = 0; beats < 3; beats += 1) {
    stream.beat();
    expect(await stream.next()).toBe(': alive\n\n');
  }
  await stream.end();
});

const endings: readonly [string, (person: TestPerson) => Promise<unknown>][] = [
  ['its session is revoked', (person) => platform.call('PUT', '/auth/logout', { token: person.token })],
  [
    'the person is deactivated',
    (person) => send(platform, admin, 'PUT', `/auth/users/${person.userId}/deactivate`, {}),
  ],
  [
    'the credential that opened it is deactivated from another session',
    async (person) => {
      const { key } = await addKey(platform, person);
      const other = { ...person, key, token: await signIn(platform, person.orgId, person.username, key) };
      const { body } = await platform.call('GET', '/auth/credentials', { token: other.token });
      const { credentialUuid } = body.items.find(
        (item: { credentialId: string }) => item.credentialId === person.key.credId,
      );
      return send(platform, other, 'PUT', '/auth/credentials/deactivate', { credentialUuid });
    },
  ],
  ['its session is past its limit', async () => platform.advance(24 * 3_600_000)],
];

test.each(endings)('a stream ends at its next beat once %s', async (_, end) => {
  const person = await aMember(platform, admin);
  const stream = await open(person.token);
  await end(person);
  stream.beat();
  // A hint that was gathered before may still come.
  let last = await stream.next();
  while (last?.startsWith('data: ')) last = await stream.next();
  expect(last).toBeNull();
});
