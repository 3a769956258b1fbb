import { loginChallenge } from '@/lib/authentication/statement';
import type { Difference } from './difference';

/**
 * Checks that a login's challenge is one: derived under the login's own tag from the nonce beside it.
 * SECURITY: without this check a server could hand out the challenge of a user action as a sign-in, and get it signed.
 */
export const checkSignIn = (challenge: {
  readonly challenge: string;
  readonly nonce?: unknown;
}): readonly Difference[] => {
  const { nonce } = challenge;
  const own = typeof nonce === 'string' ? loginChallenge(nonce) : 'a challenge with its nonce';
  return own === challenge.challenge ? [] : [{ what: 'sign-in challenge', shown: own, asked: challenge.challenge }];
};
