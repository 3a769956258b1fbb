import { createHmac } from 'node:crypto';
import type { IdentityProvider, PersonRow } from '@/lib/authentication/ports';
import { sha256Hex, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import { find } from '@/lib/ledger/state';
import type { ApiRequest, Handler, Handlers } from '../handler';
import { callerOf, orRefuse, refuse } from '../handler';
import type { Services } from '../services';
import { submitSigned } from '../submit';
import { IDENTITY_VIEWS } from '../views/identities';
import { openSession, sessionToken } from './login';
import { beginRegistration } from './registration';

/** How long somebody may take at the identity provider. */
const SSO_LIFE_MS = 600_000;

const configured = ({ identityProvider }: Services): IdentityProvider =>
  identityProvider ??
  refuse(refused(400, 'authentication.sso_not_configured', 'Single sign-on is not configured on this installation.'));

const hashOf = (text: string): string => sha256Hex(utf8ToBytes(text));

/** Nonce and PKCE verifier follow from the state, so that the database holds none of the three. */
const derivedFrom = (state: string, { secrets }: Services) => {
  const derive = (purpose: string) =>
    createHmac('sha256', secrets.secretPageKey).update(`countersign/${purpose}/1 ${state}`).digest('base64url');
  return { nonce: derive('sso-nonce'), codeVerifier: derive('sso-verifier') };
};

/** Begins a sign-in at the identity provider. The browser may come back to our own origins only. */
const ssoLoginInit: Handler = async (request, services) => {
  const provider = configured(services);
  const { orgId, clientId, redirectUri } = request.body as { orgId: string; clientId: string; redirectUri: string };
  if (clientId !== provider.clientId)
    refuse(refused(400, 'authentication.sso_client', 'clientId: not the one this installation is registered under.'));
  const { publicUrl, origins } = services.settings;
  if (![new URL(publicUrl).origin, ...origins].includes(new URL(redirectUri).origin))
    refuse(refused(400, 'authentication.sso_redirect', 'redirectUri: must lead back to one of the allowed origins.'));
  const state = toBase64Url(services.random(32));
  const expiresAt = new Date(services.now() + SSO_LIFE_MS);
  await services.identity.createSsoLogin({ hash: hashOf(state), orgId, redirectUri, expiresAt });
  const ssoRedirectUrl = await provider
    .authorizationUrl({ redirectUri, state, ...derivedFrom(state, services) })
    .catch(() => refuse(refused(503, 'authentication.sso_unreachable', 'The identity provider does not answer.')));
  return { body: { ssoRedirectUrl } };
};

/** Completes it: the state is spent first, so that one answer of the provider opens one session. */
const ssoLogin: Handler = async (request, services) => {
  const provider = configured(services);
  const { code, state } = request.body as { code: string; state: string };
  const login = await services.identity.consumeSsoLogin(hashOf(state), new Date(services.now()));
  if (!login)
    return refuse(refused(400, 'authentication.sso_state', 'The sign-in is unknown, used or too old. Begin again.'));
  const { redirectUri, orgId } = login;
  const { email } = orRefuse(await provider.redeem({ code, state, redirectUri, ...derivedFrom(state, services) }));
  return { body: { token: await sessionOf(orgId, await findPerson(orgId, email, services), services) } };
};

const findPerson = async (orgId: string, email: string, { identity }: Services): Promise<PersonRow> =>
  (await identity.findPersonByUsername(orgId, email)) ??
  (await identity.findPersonByUsername(orgId, email.toLowerCase())) ??
  refuse(refused(401, 'user.not_found', 'User not found'));

/** A session that reads and asks. Whatever changes state still takes a credential the person holds. */
const sessionOf = async (orgId: string, { userId }: PersonRow, services: Services): Promise<string> => {
  const user = await services.getRecord(orgId, 'user', userId);
  if (!user?.isRegistered || user.isServiceAccount) return refuse(refused(401, 'user.not_found', 'User not found'));
  if (!user.isActive) refuse(refused(400, 'authentication.deactivated', 'User account has been deactivated.'));
  return sessionToken(await openSession({ orgId, userId }, services), services);
};

/** Whom an id token names; each token is taken once. */
const personOfToken = async (request: ApiRequest, services: Services): Promise<PersonRow> => {
  const provider = configured(services);
  const { orgId, idToken } = request.body as { orgId?: string; idToken: string };
  if (orgId === undefined) return refuse(refused(400, 'authentication.organisation', 'orgId: is needed here.'));
  const { email, expiresAt } = orRefuse(await provider.readIdToken(idToken));
  const isFirst = await services.identity.spendIdToken({
    // SECURITY: what was signed, not the signature: of one ECDSA signature anybody makes a second.
    hash: hashOf(`id token ${idToken.split('.').slice(0, 2).join('.')}`),
    orgId,
    expiresAt: new Date(expiresAt),
  });
  if (!isFirst)
    refuse(refused(401, 'authentication.sso', 'Not Authorized.', { reason: 'The id token was used before.' }));
  return findPerson(orgId, email, services);
};

const socialLogin: Handler = async (request, services) => {
  const person = await personOfToken(request, services);
  return { body: { token: await sessionOf(person.orgId, person, services) } };
};

/** The provider's word stands for the mailed code of somebody who was invited; it invites nobody. */
const createSocialRegistrationChallenge: Handler = async (request, services) => {
  const person = await personOfToken(request, services);
  if (person.registeredAt) refuse(refused(401, 'user.exists', 'User already exists.'));
  return { body: await beginRegistration(person, services) };
};

/** Nobody is made to sign in by what is not there: they could not sign in at all. */
export const requireProviderFor = (isSSORequired: boolean | undefined, { identityProvider }: Services): void => {
  if (isSSORequired && !identityProvider)
    refuse(refused(400, 'authentication.sso_not_configured', 'isSSORequired: single sign-on is not configured here.'));
};

const updateUser: Handler = async (request, services) => {
  const userId = request.params.userId ?? '';
  const user = find(callerOf(request).state, 'user', userId);
  if (!user || user.isServiceAccount || user.isArchived)
    refuse(refused(404, 'user.not_found', 'user not found', { userId }));
  requireProviderFor((request.body as { isSSORequired: boolean }).isSSORequired, services);
  return submitSigned(request, services, IDENTITY_VIEWS);
};

export const SSO_HANDLERS: Handlers = {
  'auth.updateUser': updateUser,
  'auth.ssoLoginInit': ssoLoginInit,
  'auth.ssoLogin': ssoLogin,
  'auth.socialLogin': socialLogin,
  'auth.createSocialRegistrationChallenge': createSocialRegistrationChallenge,
};
