import { checkSignIn } from '@/lib/verifying/check-sign-in';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { post } from './call';
import { ClientError } from './client-error';
import { assertPasskey } from './passkey';
import type { SigningChallenge } from './shapes';

const LAST = 'countersign.last-sign-in';

/** Organisation and user name of the last sign-in on this browser, to be filled in again. */
export const lastSignIn = (): { readonly orgId: string; readonly username: string } | null => {
  const [orgId, username] = (localStorage.getItem(LAST) ?? '').split('\n');
  return orgId && username ? { orgId, username } : null;
};

/**
 * Signs in with a passkey. The answer to the challenge goes to next-auth, whose cookie names the session; no token reaches
 * this page.
 * @throws {StatementDiffersError} before the prompt, when the challenge is no login's.
 * @throws {ClientError | PasskeyDismissedError}
 */
export const signInWithPasskey = async (orgId: string, username: string): Promise<void> => {
  const challenge = await post<SigningChallenge & { readonly nonce: string }>('auth.createLoginChallenge', {
    orgId,
    username,
  });
  if (challenge.allowCredentials.webauthn.length === 0)
    throw new ClientError(
      401,
      'No passkey is known for this person in this organisation. Check both, or ask the person who invited you.',
    );
  const differences = checkSignIn(challenge);
  if (differences.length > 0) throw new StatementDiffersError(differences);
  const firstFactor = await assertPasskey(challenge);
  const { signIn } = await import('next-auth/react');
  const answer = await signIn('passkey', {
    redirect: false,
    challengeIdentifier: challenge.challengeIdentifier,
    firstFactor: JSON.stringify(firstFactor),
  });
  if (!answer?.ok)
    throw new ClientError(
      answer?.status ?? 0,
      'The passkey was not accepted. Try again; if it happens again, your account may be deactivated.',
    );
  localStorage.setItem(LAST, `${orgId}\n${username}`);
};
