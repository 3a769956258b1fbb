import { beforeAll, expect, test } from 'vitest';
import { codeFor } from '../support/outbox';
import type { Person } from '../support/person';
import { invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
});

const idToken = 'e30.e30.e30';

test('a code for signing in comes by mail, and the answer is the same for somebody who does not exist', async () => {
  const person = await invite(system, admin);
  const { orgId, username } = person;
  const before = await codeFor(system.dataDir, username);
  const answer = await person.client.auth.sendLoginCode({ body: { orgId, username } });
  expect(await person.client.auth.sendLoginCode({ body: { orgId, username: 'nobody@example.org' } })).toEqual(answer);
  await expect.poll(() => codeFor(system.dataDir, username)).not.toBe(before);
});

test('single sign-on and social sign-in say that no identity provider is configured', async () => {
  const { auth } = admin.client;
  const { orgId } = admin;
  const redirectUri = `${system.baseUrl}/console/sign-in`;
  const social = { orgId, socialLoginProviderKind: 'Oidc', idToken } as const;
  for (const ask of [
    () => auth.ssoLoginInit({ body: { orgId, clientId: 'client', redirectUri } }),
    () => auth.ssoLogin({ body: { code: 'code', state: 'state' } }),
    () => auth.socialLogin({ body: social }),
    () => auth.createSocialRegistrationChallenge({ body: social }),
  ])
    await expect(ask()).rejects.toMatchObject({ httpStatus: 400, message: expect.stringMatching(/not configured/i) });
});

test('nobody is made to come through an identity provider that is not there, and an administrator can say so of each', async () => {
  const { userId } = await invite(system, admin);
  const { auth } = admin.client;
  await expect(auth.updateUser({ userId, body: { isSSORequired: true } })).rejects.toMatchObject({ httpStatus: 400 });
  const updated = await auth.updateUser({ userId, body: { isSSORequired: false } });
  expect(updated).toMatchObject({ userId, isSSORequired: false });
});

test('there is no application to read', async () => {
  await expect(admin.client.auth.getApplication({ appId: 'ap-none' })).rejects.toMatchObject({ httpStatus: 404 });
});
