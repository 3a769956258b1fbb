import type { AuthOptions, Session } from 'next-auth';
import credentialsProvider from 'next-auth/providers/credentials';
import { sessionCookieName } from '@/lib/authentication/session-cookie';
import { isSessionLive, limitsIn } from '@/lib/authentication/session-life';
import { challengeAnswer } from '@/lib/contract/credential-shapes';
import { RefusalError } from '@/lib/domain/refusal';
import type { ChallengeAnswer } from './answers-to-challenges';
import { completeLogin } from './handlers/login';
import type { Services } from './services';

/**
 * Sign-in of the console: the same login as the API's, its session row named by a sealed cookie that no script can read. Signing
 * out revokes the row.
 */
export const authOptions = (services: Services): AuthOptions => {
  const { publicUrl, sessionLifeMs } = services.settings;
  return {
    secret: services.secrets.secretCookieKey,
    session: { strategy: 'jwt', maxAge: sessionLifeMs / 1000 },
    cookies: {
      sessionToken: {
        name: sessionCookieName(publicUrl),
        options: { httpOnly: true, sameSite: 'strict', path: '/', secure: publicUrl.startsWith('https:') },
      },
    },
    pages: { signIn: '/console/sign-in', error: '/console/sign-in' },
    providers: [
      credentialsProvider({
        id: 'passkey',
        name: 'Passkey',
        credentials: { challengeIdentifier: {}, firstFactor: {} },
        authorize: async (given) => {
          const answer = readAnswer(given?.challengeIdentifier, given?.firstFactor);
          return answer && signIn(answer, services);
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...(user as unknown as Named) } : token),
      session: async ({ session, token }) => {
        const row = typeof token.sid === 'string' ? await services.identity.findSession(token.sid) : null;
        const org = row ? await services.getRecord(row.orgId, 'org', row.orgId) : null;
        const limits = limitsIn(services.settings, org?.sessions);
        const isLive = row !== null && isSessionLive(row, limits, services.now());
        const user = isLive ? { userId: row.userId, orgId: row.orgId } : undefined;
        // next-auth types a user by name, mail and picture; this cookie knows ids only.
        return { expires: session.expires, user } as unknown as Session;
      },
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string') await services.identity.revokeSession(token.sid, new Date(services.now()));
      },
    },
  };
};

type Named = { readonly sid: string; readonly orgId: string; readonly userId: string };

const readAnswer = (
  challengeIdentifier: string | undefined,
  firstFactor: string | undefined,
): ChallengeAnswer | null => {
  try {
    const parsed = challengeAnswer.safeParse({ challengeIdentifier, firstFactor: JSON.parse(firstFactor ?? '') });
    return parsed.success ? (parsed.data as ChallengeAnswer) : null;
  } catch {
    return null;
  }
};

/** Null, which next-auth answers with 401, when the login is refused. */
const signIn = async (answer: ChallengeAnswer, services: Services) => {
  try {
    const { sid, orgId, userId } = await completeLogin(answer, services);
    return { id: userId, sid, orgId, userId };
  } catch (error) {
    if (error instanceof RefusalError) return null;
    throw error;
  }
};
