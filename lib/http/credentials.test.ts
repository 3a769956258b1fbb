import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { send } from './testing/checked';
import { addKey } from './testing/people';
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
  platform = await startPlatform();
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const deactivate = (person: Pick<TestPerson, 'key' | 'token'>, credentialUuid: string) =>
  send(platform, person, 'PUT', '/auth/credentials/deactivate', { credentialUuid });
const activate = (person: Pick<TestPerson, 'key' | 'token'>, credentialUuid: string) =>
  send(platform, person, 'PUT', '/auth/credentials/activate', { credentialUuid });

describe('a deactivated credential', () => {
  test('is refused everywhere at once: open challenges, sessions, sign-in', async () => {
    const { key, credentialUuid } = await addKey(platform, admin);
    const session = await signIn(platform, admin.orgId, admin.username, key);
    const invitation = JSON.stringify({ email: 'new@example.com', kind: 'CustomerEmployee' });
    const userAction = await signAction(platform, { key, token: admin.token }, 'POST', '/auth/users', invitation);
    const { body: challenge } = await platform.call('POST', '/auth/action/init', {
      token: admin.token,
      body: { userActionPayload: '', userActionHttpMethod: 'POST', userActionHttpPath: '/wallets' },
    });
    const { body: login } = await platform.call('POST', '/auth/login/init', {
      body: { orgId: admin.orgId, username: admin.username },
    });
    expect(await deactivate(admin, credentialUuid)).toMatchObject({ status: 200, body: { message: 'success' } });

    const answer = (open: { challenge: string; challengeIdentifier: string }) => ({
      challengeIdentifier: open.challengeIdentifier,
      firstFactor: toFirstFactor(key.assert(open.challenge)),
    });
    const late = await platform.call('POST', '/auth/action', { token: admin.token, body: answer(challenge) });
    expect(late.status).toBe(401);
    expect((await platform.call('POST', '/auth/login', { body: answer(login) })).status).toBe(401);
    expect((await platform.call('GET', '/auth/credentials', { token: session })).status).toBe(401);
    expect((await platform.call('GET', '/auth/credentials', { token: admin.token })).status).toBe(200);
    const held = await platform.call('POST', '/auth/users', { token: admin.token, userAction, body: invitation });
    expect(held.status).toBe(403);
    await expect(signIn(platform, admin.orgId, admin.username, key)).rejects.toThrow('Not Authorized.');
  });

  test('is listed as inactive, and signs again once activated', async () => {
    const { key, credentialUuid } = await addKey(platform, admin);
    await deactivate(admin, credentialUuid);
    const { body } = await platform.call('GET', '/auth/credentials', { token: admin.token });
    const listed = body.items.find((item: { credentialUuid: string }) => item.credentialUuid === credentialUuid);
    expect(listed.isActive).toBe(false);
    expect(await activate(admin, credentialUuid)).toMatchObject({ status: 200, body: { message: 'success' } });
    await signIn(platform, admin.orgId, admin.username, key);
  });

  test('is never the last one', async () => {
    const founder = await anOrganisation(platform);
    const { body } = await platform.call('GET', '/auth/credentials', { token: founder.token });
    expect(await deactivate(founder, body.items[0].credentialUuid)).toMatchObject({ status: 409 });
  });

  test('of somebody else is not found, as one that does not exist', async () => {
    const founder = await anOrganisation(platform);
    const { credentialUuid } = await addKey(platform, admin);
    const unknown = 'cr-00000-00000-0000000000000000';
    for (const id of [credentialUuid, unknown])
      for (const call of [activate, deactivate])
        expect(await call(founder, id)).toMatchObject({ status: 404, body: { message: 'credential not found' } });
  });
});

test('an activation’s statement names the key', async () => {
  const { key, credentialUuid } = await addKey(platform, admin);
  const { body } = await platform.call('POST', '/auth/action/init', {
    token: admin.token,
    body: {
      userActionPayload: JSON.stringify({ credentialUuid }),
      userActionHttpMethod: 'PUT',
      userActionHttpPath: '/auth/credentials/activate',
    },
  });
  expect(body.statement.context.publicKey.trim()).toBe(key.publicKey.trim());
  expect(softwareKey().publicKey).not.toBe(key.publicKey);
});
