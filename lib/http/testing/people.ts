import fs from 'node:fs';
import path from 'node:path';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { send } from './checked';
import { signIn, type TestPerson, type TestPlatform } from './platform';

/** Adds a further key to somebody who is signed in. */
export const addKey = async (
  platform: TestPlatform,
  person: TestPerson,
  key: SoftwareCredential = softwareKey(),
): Promise<{ readonly key: SoftwareCredential; readonly credentialUuid: string }> => {
  const attested = (challenge: string) => key.attest(challenge);
  const { body: challenge } = await platform.call('POST', '/auth/credentials/init', {
    token: person.token,
    body: { kind: attested('').credentialKind },
  });
  const added = await send(platform, person, 'POST', '/auth/credentials', {
    ...attested(challenge.challenge),
    credentialName: 'Another',
    challengeIdentifier: challenge.challengeIdentifier,
  });
  if (added.status !== 200) throw new Error(JSON.stringify(added.body));
  return { key, credentialUuid: added.body.credentialUuid };
};

/** The newest mail to somebody that carries a code. */
export const codeOf = (platform: TestPlatform, to: string): string => {
  const outbox = path.join(platform.dataDir, 'outbox');
  const mails = fs
    .readdirSync(outbox)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(outbox, name), 'utf8')) as { to: string; code?: string });
  const code = mails.findLast((mail) => mail.to === to && mail.code)?.code;
  if (!code) throw new Error(`No code came for ${to}.`);
  return code;
};

let guests = 0;

/** Invites somebody; they register the credentials given and sign in with the first. */
export const aMember = async (
  platform: TestPlatform,
  admin: TestPerson,
  more: { readonly key?: SoftwareCredential; readonly recoveryKey?: SoftwareCredential } = {},
): Promise<TestPerson> => {
  const { key = softwareKey(), recoveryKey } = more;
  const { orgId } = admin;
  const username = `member-${guests++}@example.com`;
  const invited = await send(platform, admin, 'POST', '/auth/users', { email: username, kind: 'CustomerEmployee' });
  if (invited.status !== 200) throw new Error(JSON.stringify(invited.body));
  const { body: challenge } = await platform.call('POST', '/auth/registration/init', {
    body: { orgId, username, registrationCode: codeOf(platform, username) },
  });
  const done = await platform.call('POST', '/auth/registration', {
    token: challenge.temporaryAuthenticationToken,
    body: {
      firstFactorCredential: key.attest(challenge.challenge),
      ...(recoveryKey ? { recoveryCredential: recoveryKey.attest(challenge.challenge) } : {}),
    },
  });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  return { orgId, username, userId: done.body.user.id, key, token: await signIn(platform, orgId, username, key) };
};
