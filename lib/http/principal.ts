import { decode } from 'next-auth/jwt';
import type { ChallengeRow, SessionRow } from '@/lib/authentication/ports';
import { readCookie, sessionCookieName } from '@/lib/authentication/session-cookie';
import { isSessionLive, limitsIn, NOTED_EVERY_MS } from '@/lib/authentication/session-life';
import { NO_PROOF } from '@/lib/authorization/role-rules';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { TokenClaims } from '@/lib/http/tokens';
import { all, find } from '@/lib/ledger/state';
import { proofOfSession } from './authorization';
import type { Caller } from './handler';
import type { Services } from './services';

const unauthorized = () => refused(401, 'authentication.not_authorized', 'Not Authorized.');

/**
 * Finds who makes a request: by bearer token, or by the console's cookie. Tokens and cookies only name a row or record, which
 * is looked up every time: revoked, expired or deactivated means 401.
 */
export const resolveCaller = async (request: Request, services: Services): Promise<Outcome<Caller>> => {
  const claims = await readClaims(request, services);
  const found = claims ? await findCaller(claims, services) : unauthorized();
  if (!found.ok) return found;
  const { caller, session } = found.value;
  const now = services.now();
  if (session && now - session.lastSeenAt.getTime() >= NOTED_EVERY_MS)
    await services.identity.noteSessionUse(session.jti, new Date(now));
  return accepted(caller);
};

/** Whether somebody who was let in would be let in again now: for what lasts longer than a request. No use of a session. */
export const isStillIn = async ({ org, user, token, jti }: Caller, services: Services): Promise<boolean> =>
  (await findCaller({ kind: token?.kind ?? 'Token', orgId: org.id, userId: user.id, tokenId: jti }, services)).ok;

/** The session is null for long-lived tokens. */
type Found = { readonly caller: Caller; readonly session: SessionRow | null };

const findCaller = async (claims: TokenClaims, services: Services): Promise<Outcome<Found>> => {
  if (claims.kind === 'Temp' || claims.kind === 'Recovery') return unauthorized();
  const signedIn = claims.kind === 'Token' ? await findLiveSession(claims, services) : null;
  if (claims.kind === 'Token' && !signedIn) return unauthorized();
  const session = signedIn?.session ?? null;
  const state = await services.loadGovernance(claims.orgId, signedIn?.governanceVersion);
  const org = all(state, 'org')[0];
  if (session && !isSessionLive(session, limitsIn(services.settings, org?.sessions), services.now()))
    return unauthorized();
  const user = find(state, 'user', claims.userId);
  if (!org || !user?.isActive) return unauthorized();
  if (session) {
    const proof = proofOfSession(session, services.now());
    return accepted({ caller: { org, user, jti: session.jti, proof, state }, session });
  }
  const token = find(state, 'token', claims.tokenId);
  if (!token?.isActive || token.userId !== user.id || token.kind !== claims.kind || token.expiresAt <= services.now())
    return unauthorized();
  return accepted({ caller: { org, user, token, jti: token.id, proof: NO_PROOF, state }, session });
};

/** Finds the registration, or for `auth.recover` the recovery, that a temporary token completes. */
export const resolveRegistration = async (
  request: Request,
  services: Services,
  operationId: string,
): Promise<Outcome<ChallengeRow>> => {
  const [kind, purpose] =
    operationId === 'auth.recover' ? (['Recovery', 'recovery'] as const) : (['Temp', 'registration'] as const);
  const bearer = readBearer(request);
  const claims = bearer === null ? null : await services.tokens.read(bearer, services.now());
  if (claims?.kind !== kind) return unauthorized();
  const challenge = await services.identity.findChallenge(claims.tokenId, purpose, new Date(services.now()));
  return challenge && challenge.userId === claims.userId && challenge.orgId === claims.orgId
    ? accepted(challenge)
    : unauthorized();
};

const readBearer = (request: Request): string | null =>
  /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;

const readClaims = async (request: Request, services: Services): Promise<TokenClaims | null> => {
  if (request.headers.has('authorization')) {
    const bearer = readBearer(request);
    return bearer === null ? null : services.tokens.read(bearer, services.now());
  }
  const { publicUrl, origins } = services.settings;
  const cookie = readCookie(request.headers.get('cookie'), sessionCookieName(publicUrl));
  if (!cookie || !isSameOrigin(request, [new URL(publicUrl).origin, ...origins])) return null;
  const content = await decode({ token: cookie, secret: services.secrets.secretCookieKey }).catch(() => null);
  if (typeof content?.sid !== 'string' || typeof content.orgId !== 'string' || typeof content.userId !== 'string')
    return null;
  return { kind: 'Token', orgId: content.orgId, userId: content.userId, tokenId: content.sid };
};

/**
 * SECURITY: a browser attaches the cookie by itself, so a request that carries it counts only if our own page made it
 * (design §5). Reads carry no Origin header; writes must, and must be JSON, which no form can send.
 */
const isSameOrigin = (request: Request, origins: readonly string[]): boolean => {
  if (request.headers.get('sec-fetch-site') !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (request.method === 'GET' || request.method === 'HEAD') return origin === null || origins.includes(origin);
  return (
    origin !== null &&
    origins.includes(origin) &&
    /^application\/json\b/i.test(request.headers.get('content-type') ?? '')
  );
};

const findLiveSession = async (claims: TokenClaims, services: Services) => {
  const found = await services.identity.findSignedIn(claims.tokenId);
  const isTheirs = found?.session.orgId === claims.orgId && found.session.userId === claims.userId;
  return found && isTheirs && isSessionLive(found.session, services.settings, services.now()) ? found : null;
};
