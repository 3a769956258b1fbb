import { createHmac } from 'node:crypto';
import type { ChallengeRow, SessionRow } from '@/lib/authentication/ports';
import { type Assertion, loginChallenge } from '@/lib/authentication/statement';
import { isSameCredentialId } from '@/lib/authentication/verify-assertion';
import { fromBase64Url, toBase64Url } from '@/lib/domain/hash';
import { newId } from '@/lib/domain/ids';
import { refused } from '@/lib/domain/refusal';
import type { CredentialRecord } from '@/lib/ledger/records';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { acceptAnswer, assertionOf, type ChallengeAnswer, judgeStranger } from '../answers-to-challenges';
import { challengeInvalid, issueChallenge, signingChallengeView, signingCredentials } from '../challenges';
import { invalidCode, requireCode, sendCode } from '../codes';
import { callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { assertUnlocked, attempted, attemptId } from '../lockout';
import { loginMail } from '../mails';
import { refusalOf } from '../problem';
import type { Services } from '../services';

/**
 * Asks for a signature to sign in with. Somebody unknown gets a challenge like everybody else's, always over the same made-up
 * passkey, so that the answer doesn't tell who exists.
 */
const createLoginChallenge: Handler = async (request, services) => {
  const { orgId, username, loginCode } = request.body as { orgId: string; username?: string; loginCode?: string };
  const attempt = attemptId({ kind: 'login', orgId, who: username ?? '', address: request.address });
  await assertUnlocked(attempt, services);
  const person = username === undefined ? null : await services.identity.findPersonByUsername(orgId, username);
  if (loginCode !== undefined) {
    await attempted(attempt, services, async () => {
      const { id } = await requireCode(person, 'login', loginCode, services);
      if (!(await services.identity.consumeCode(id, new Date(services.now())))) orRefuse(invalidCode());
    });
  }
  // SECURITY: read for somebody unknown too: the time of a query more or less would tell who exists.
  const state = await services.loadGovernance(orgId);
  // Anybody may ask: a key under its owner's password is shown only to whoever reads their mail.
  const known = (person ? signingCredentials(state, person.userId) : []).filter(
    (item) => item.kind !== 'PasswordProtectedKey' || loginCode !== undefined,
  );
  const nonce = toBase64Url(services.random(32));
  const row = await issueChallenge(
    {
      purpose: 'login',
      challenge: loginChallenge(nonce),
      orgId,
      userId: known.length > 0 && person ? person.userId : null,
      allowCredentials: known.map((item) => item.id),
      attempt,
    },
    services,
  );
  const madeUp = {
    kind: 'Fido2' as const,
    credId: createHmac('sha256', services.secrets.secretPageKey).update(`${orgId} ${username}`).digest('base64url'),
  };
  const shown = known.length > 0 ? known : username === undefined ? [] : [madeUp];
  return { body: { ...signingChallengeView(row, shown, services.settings), nonce } };
};

/** Whom a good answer signed in, and the session that was opened for them. */
export type SignedIn = {
  readonly orgId: string;
  readonly userId: string;
  readonly sid: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/**
 * Completes a login and opens a session: for the API, and for the console's cookie.
 * @throws RefusalError 401 for a bad answer, 400 for a spent challenge or a deactivated account, 429 after too many bad ones.
 */
export const completeLogin = async (answer: ChallengeAnswer, services: Services): Promise<SignedIn> => {
  const row = await services.identity.findChallenge(answer.challengeIdentifier, 'login', new Date(services.now()));
  if (!row) return orRefuse(challengeInvalid());
  return attempted(row.attempt ?? row.id, services, () => signIn(row, answer, services));
};

/** The credential that an answer names, if it may answer. Somebody who asked without a name is known by their passkey alone. */
const credentialFor = (state: OrgState, row: ChallengeRow, assertion: Assertion): CredentialRecord | undefined => {
  const bytes = fromBase64Url(assertion.credId);
  const candidates =
    row.userId === null
      ? state.tables.credential.by('credId', bytes ? toBase64Url(bytes) : '')
      : row.allowCredentials.flatMap((id) => find(state, 'credential', id) ?? []);
  return candidates.find(
    (item) =>
      item.isActive &&
      item.tokenId === undefined &&
      item.kind === assertion.kind &&
      (row.userId !== null || item.kind === 'Fido2') &&
      isSameCredentialId(assertion.kind, assertion.credId, item.credId),
  );
};

/** SECURITY: one answer to everything that is wrong: what exactly is, only somebody who exists could be told. The log knows it. */
const notAuthorized = (orgId: string, why: object, { log }: Pick<Services, 'log'>) => {
  log.info({ orgId, ...why }, 'a sign-in was refused');
  return refused(401, 'authentication.bad_assertion', 'Not Authorized.');
};

const signIn = async (row: ChallengeRow, answer: ChallengeAnswer, services: Services): Promise<SignedIn> => {
  const state = await services.loadGovernance(row.orgId);
  const org = all(state, 'org')[0];
  const assertion = assertionOf(answer);
  const credential = credentialFor(state, row, assertion);
  if (!org || !credential) {
    judgeStranger({ row, assertion }, services);
    return orRefuse(notAuthorized(row.orgId, { reason: 'No such credential.' }, services));
  }
  const accepted = await acceptAnswer({ row, assertion, credential, org }, services);
  if (!accepted.ok && accepted.refusal.status === 401) {
    const { reason } = accepted.refusal.details ?? {};
    return orRefuse(notAuthorized(org.id, { credentialId: credential.id, reason }, services));
  }
  const { backup } = orRefuse(accepted);
  const user = find(state, 'user', credential.userId);
  if (!user?.isActive)
    return orRefuse(refused(400, 'authentication.deactivated', 'User account has been deactivated.'));
  if (user.isSSORequired) return orRefuse(ssoRequired(services));
  const proof = { isHardwareBound: backup?.isEligible === false, isUserVerified: backup !== null };
  return openSession({ orgId: org.id, userId: user.id, ...proof }, services);
};

const SSO_REQUIRED = 'authentication.sso_required';
/** A key alone does not sign in whoever must come through the identity provider; without one nobody of them gets in. */
const ssoRequired = ({ identityProvider }: Services) =>
  refused(409, SSO_REQUIRED, 'Sign in through your organisation’s identity provider.', {
    ssoClientId: identityProvider?.clientId ?? '',
  });

/** Opens a session of somebody whose right to one was checked. What is not said was not proved: roles with rules don't count in it. */
export const openSession = async (
  person: { readonly orgId: string; readonly userId: string } & Partial<
    Pick<SessionRow, 'isHardwareBound' | 'isUserVerified'>
  >,
  services: Services,
): Promise<SignedIn> => {
  const { orgId, userId, isHardwareBound = false, isUserVerified = false } = person;
  const sid = newId('session', services.random);
  const issuedAt = services.now();
  const expiresAt = issuedAt + services.settings.sessionLifeMs;
  const times = { issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) };
  await services.identity.createSession({ jti: sid, orgId, userId, isHardwareBound, isUserVerified, ...times });
  return { orgId, userId, sid, issuedAt, expiresAt };
};

/** The bearer token that names a session. */
export const sessionToken = ({ orgId, userId, sid, ...times }: SignedIn, services: Services): Promise<string> =>
  services.tokens.mint({ kind: 'Token', orgId, userId, tokenId: sid }, times);

const login: Handler = async (request, services) => {
  try {
    const signedIn = await completeLogin(request.body as ChallengeAnswer, services);
    return { body: { token: await sessionToken(signedIn, services) } };
  } catch (error) {
    const { code, details } = refusalOf(error);
    if (code !== SSO_REQUIRED || !details?.ssoClientId) throw error;
    return { body: { ssoClientId: details.ssoClientId } };
  }
};

const logout: Handler = async (request, services) => {
  const { org, user, token, jti } = callerOf(request);
  const now = new Date(services.now());
  if (token)
    orRefuse(refused(400, 'authentication.no_session', 'A long-lived token is not a session; deactivate it instead.'));
  if ((request.body as { allSessions?: boolean }).allSessions)
    await services.identity.revokeSessionsOf(org.id, user.id, now);
  else await services.identity.revokeSession(jti, now);
  return { body: { message: 'success' } };
};

/** The answer is the same whether the person exists or not. */
const sendLoginCode: Handler = async (request, services) => {
  await sendCode(request.body as { orgId: string; username: string }, 'login', loginMail, services);
  return { body: { message: 'success' } };
};

export const LOGIN_HANDLERS: Handlers = {
  'auth.sendLoginCode': sendLoginCode,
  'auth.createLoginChallenge': createLoginChallenge,
  'auth.login': login,
  'auth.logout': logout,
};
