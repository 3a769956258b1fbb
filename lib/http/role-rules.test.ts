import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SoftwareCredential, softwarePasskey } from '@/lib/authentication/testing/software-credentials';
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
afterAll(() => platform.close());

/** User present and verified; may be backed up; is backed up. */
const BOUND = 0x05;
const ELIGIBLE = 0x0d;
const SYNCED = 0x1d;

const passkeys = () => {
  const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: randomBytes(32) };
  const { rpId, publicUrl } = platform.services.settings;
  return (flags: number): SoftwareCredential => softwarePasskey({ rpId, origin: publicUrl, flags, keys });
};

const rules = (permissionId: string, body: object) =>
  send(platform, admin, 'POST', `/x/permissions/${permissionId}/rules`, body);

const withRole = async (
  key: SoftwareCredential,
  body: object,
): Promise<{ person: TestPerson; permissionId: string }> => {
  const person = await aMember(platform, admin, { key });
  const operations = ['Permissions:Read', 'Permissions:Create'];
  const name = `role of ${person.username}`;
  const { body: role } = await send(platform, admin, 'POST', '/permissions', { name, operations });
  await send(platform, admin, 'POST', `/permissions/${role.id}/assignments`, { identityId: person.userId });
  expect(await rules(role.id, body)).toMatchObject({ status: 200, body: { id: role.id, rules: body } });
  return { person, permissionId: role.id };
};

const reads = (token: string) => platform.call('GET', '/permissions', { token });
const creates = (person: Pick<TestPerson, 'key' | 'token'>) =>
  send(platform, person, 'POST', '/permissions', {
    name: `by ${randomBytes(6).toString('hex')}`,
    operations: ['Wallets:Read'],
  });

describe('a role for hardware-bound passkeys only', () => {
  const only = { hardwareBoundOnly: true, reauthenticateMinutes: null };
  test('reads and changes with a passkey that stays on its device', async () => {
    const { person } = await withRole(passkeys()(BOUND), only);
    expect((await reads(person.token)).status).toBe(200);
    expect((await creates(person)).status).toBe(200);
  });
  test('neither reads nor changes with a synced one, and says what to do before the prompt', async () => {
    const { person } = await withRole(passkeys()(SYNCED), only);
    const refused = { status: 403, body: { error: { message: expect.stringMatching(/never leaves its device/) } } };
    expect(await reads(person.token)).toMatchObject(refused);
    const init = await platform.call('POST', '/auth/action/init', {
      token: person.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/permissions' },
    });
    expect(init).toMatchObject(refused);
  });
  test('asks only those of its holder’s passkeys that count', async () => {
    const { person } = await withRole(passkeys()(SYNCED), { hardwareBoundOnly: false, reauthenticateMinutes: 60 });
    const bound = passkeys()(BOUND);
    await addKey(platform, person, bound);
    const { body: roles } = await reads(person.token);
    const own = roles.items.find((item: { name: string }) => item.name === `role of ${person.username}`);
    await rules(own.id, only);
    const { body: challenge } = await platform.call('POST', '/auth/action/init', {
      token: person.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/permissions' },
    });
    expect(challenge.allowCredentials.webauthn.map((item: { id: string }) => item.id)).toEqual([bound.credId]);
    expect((await creates({ key: bound, token: person.token })).status).toBe(200);
    expect((await reads(person.token)).status).toBe(403);
    expect((await reads(await signIn(platform, person.orgId, person.username, bound))).status).toBe(200);
  });
  test('needs no change of the dialect’s permission while it has no rules', async () => {
    const { permissionId } = await withRole(passkeys()(BOUND), only);
    const { body } = await rules(permissionId, { hardwareBoundOnly: false, reauthenticateMinutes: null });
    expect(body).not.toHaveProperty('rules');
  });
  test('takes no rule that nobody knows', async () => {
    const { permissionId } = await withRole(passkeys()(BOUND), only);
    for (const body of [{}, { ...only, other: true }, { ...only, reauthenticateMinutes: 0 }])
      expect((await rules(permissionId, body)).status).toBe(400);
  });
});

describe('a role that asks for its holder again', () => {
  test('reads only so long after signing in, and changes with each signature', async () => {
    const { person } = await withRole(passkeys()(SYNCED), { hardwareBoundOnly: false, reauthenticateMinutes: 15 });
    expect((await reads(person.token)).status).toBe(200);
    await platform.services.db.pool.query(
      "UPDATE sessions SET issued_at = issued_at - interval '15 minutes 1 second' WHERE user_id = $1",
      [person.userId],
    );
    expect(await reads(person.token)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringMatching(/sign in again: the last time may be 15 minutes ago/) } },
    });
    expect((await creates(person)).status).toBe(200);
    expect((await reads(await signIn(platform, person.orgId, person.username, person.key))).status).toBe(200);
  });
});

describe('what a passkey says of its backup', () => {
  const backupOf = async (person: TestPerson) =>
    (await platform.call('GET', '/auth/credentials', { token: person.token })).body.items[0].backup;
  test('is kept from its registration on, and a change is dated', async () => {
    const of = passkeys();
    const person = await aMember(platform, admin, { key: of(ELIGIBLE) });
    expect(await backupOf(person)).toEqual({ isEligible: true, isBackedUp: false });
    await signIn(platform, person.orgId, person.username, of(SYNCED));
    expect(await backupOf(person)).toEqual({ isEligible: true, isBackedUp: true, dateChanged: expect.any(String) });
    const seen = await platform.call('GET', `/x/users/${person.userId}/credentials`, { token: admin.token });
    expect(seen.body.items[0].backup).toMatchObject({ isBackedUp: true });
  });
  test('is nothing for a key', async () => {
    expect(await backupOf(admin)).toBeUndefined();
  });
  test('never changes in whether it may be backed up: such an answer signs nobody in', async () => {
    const of = passkeys();
    const person = await aMember(platform, admin, { key: of(BOUND) });
    await expect(signIn(platform, person.orgId, person.username, of(ELIGIBLE))).rejects.toThrow('Not Authorized.');
    await signIn(platform, person.orgId, person.username, of(BOUND));
  });
});
