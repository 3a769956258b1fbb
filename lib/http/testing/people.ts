import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { send } from './checked';
import type { TestPerson, TestPlatform } from './platform';

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
