import { BaseAuthApi } from '@dfns/sdk';
import { type Person, signerOf } from './person';

/** Cookies of answers as a browser would send them back; the name of one is enough to find it. */
const cookiesOf = (answer: Response): string[] =>
  answer.headers.getSetCookie().flatMap((cookie) => cookie.split(';')[0] ?? []);

/** Signs somebody in at the console as its own page would. @returns the session's cookie, `name=value`. */
export const consoleSession = async (baseUrl: string, who: Person): Promise<string> => {
  const { orgId, username, credential } = who;
  const csrf = await fetch(new URL('/api/auth/csrf', baseUrl));
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const challenge = await BaseAuthApi.createUserLoginChallenge({ orgId, username }, { baseUrl });
  const firstFactor = JSON.stringify(await signerOf(credential).sign(challenge));
  const { challengeIdentifier } = challenge;
  const answer = await fetch(new URL('/api/auth/callback/passkey', baseUrl), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(csrf).join('; ') },
    body: new URLSearchParams({ csrfToken, challengeIdentifier, firstFactor, json: 'true' }),
  });
  const session = cookiesOf(answer).find((cookie) => /countersign\.session=./.test(cookie));
  if (!session) throw new Error(`Nobody was signed in: ${answer.status} ${await answer.text()}`);
  return session;
};
