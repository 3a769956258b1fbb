import { post } from './call';
import { createPasskey } from './passkey';
import type { Registered, RegistrationChallenge } from './shapes';

type Invited = { readonly orgId: string; readonly username: string; readonly registrationCode: string };

/**
 * Registers an invited person: the code from the e-mail, then a new passkey.
 * @returns the fingerprint of the new passkey, for the person who will vouch for it.
 * @throws {ClientError | PasskeyDismissedError}
 */
export const registerWithCode = async (
  invited: Invited,
  passkeyName: string,
): Promise<{ readonly fingerprint: string | null }> => {
  const challenge = await post<RegistrationChallenge>('auth.createRegistrationChallenge', invited);
  const { credential, fingerprint } = await createPasskey(challenge);
  await post<Registered>(
    'auth.register',
    { firstFactorCredential: { ...credential, credentialName: passkeyName } },
    { temporaryToken: challenge.temporaryAuthenticationToken },
  );
  return { fingerprint };
};
