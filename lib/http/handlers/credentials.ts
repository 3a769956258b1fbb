import type { CredentialKind } from '@/lib/authentication/statement';
import { refused } from '@/lib/domain/refusal';
import { challengeInvalid, credentialChallengeView, issueChallenge, signingCredentials } from '../challenges';
import { callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { submit } from '../submit';
import { credentialViews } from '../views/identities';

const listCredentials: Handler = async (request, services) => {
  const { state, user } = callerOf(request);
  const own = state.tables.credential.by('userId', user.id).filter((item) => item.tokenId === undefined);
  return { body: { items: await credentialViews(own, services) } };
};

const createCredentialChallenge: Handler = async (request, services) => {
  const { org, user, token, state, jti } = callerOf(request);
  if (token) orRefuse(refused(403, 'credential.token', 'A token cannot add credentials; sign in as the person.'));
  const { kind } = request.body as { kind: CredentialKind };
  const row = await issueChallenge({ purpose: 'credential', orgId: org.id, userId: user.id, jti }, services);
  const username = (await services.identity.findPerson(org.id, user.id))?.username ?? '';
  const existing = signingCredentials(state, user.id);
  return { body: credentialChallengeView({ kind, userId: user.id, username, row, existing }, services.settings) };
};

/** The new key answered its challenge, an existing one signed the request; replay checks both again. */
const createCredential: Handler = async (request, services) => {
  const { org, user } = callerOf(request);
  const { challengeIdentifier } = request.body as { challengeIdentifier: string };
  const now = new Date(services.now());
  const row = await services.identity.findChallenge(challengeIdentifier, 'credential', now);
  if (!row || row.orgId !== org.id || row.userId !== user.id) return orRefuse(challengeInvalid());
  if (!(await services.identity.consumeChallenge(row.id, now))) orRefuse(challengeInvalid());
  const { result } = await submit(request, services, { credentialChallenge: row.challenge });
  const credential = await services.getRecord(org.id, 'credential', result.id);
  return { body: credential && (await credentialViews([credential], services))[0] };
};

const activateCredential: Handler = async (request, services) => {
  await submit(request, services);
  return { body: { message: 'success' } };
};

/** Whoever holds the credential is signed out too: every session but the one that asked for this ends. */
const deactivateCredential: Handler = async (request, services) => {
  const { org, user, jti } = callerOf(request);
  await submit(request, services);
  await services.identity.revokeSessionsOf(org.id, user.id, new Date(services.now()), jti);
  return { body: { message: 'success' } };
};

export const CREDENTIAL_HANDLERS: Handlers = {
  'auth.listCredentials': listCredentials,
  'auth.createCredentialChallenge': createCredentialChallenge,
  'auth.createCredential': createCredential,
  'auth.activateCredential': activateCredential,
  'auth.deactivateCredential': deactivateCredential,
};
