import { codeHash, issueRegistrationCode } from '@/lib/authentication/organisations';
import type { Json } from '@/lib/domain/canonical-json';
import { refused } from '@/lib/domain/refusal';
import { find } from '@/lib/ledger/state';
import { CHALLENGE_LIFE_MS, challengeInvalid, issueChallenge, registrationChallengeView } from '../challenges';
import { quietly } from '../codes';
import { found } from '../founding';
import { type ApiRequest, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import { attempted, attemptId } from '../lockout';
import { registrationMail } from '../mails';
import { attested, credentialEffects, firstOf, type NewCredentials } from '../new-credentials';
import type { Services } from '../services';

const createRegistrationChallenge: Handler = async (request, services) => {
  const { orgId, username, registrationCode } = request.body as {
    orgId: string;
    username: string;
    registrationCode: string;
  };
  const attempt = attemptId({ kind: 'registration', orgId, who: username, address: request.address });
  const { code, person } = await attempted(attempt, services, async () => {
    const code = await services.identity.findRegistrationCode(codeHash(registrationCode));
    const person = await services.identity.findPersonByUsername(orgId, username);
    if (!code || !person || code.userId !== person.userId)
      return refuse(refused(403, 'registration.code', 'Invalid code'));
    return { code, person };
  });
  if (code.expiresAt.getTime() <= services.now())
    return orRefuse(refused(400, 'registration.code_expired', 'Registration code expired'));
  return { body: await beginRegistration({ orgId, userId: person.userId, username }, services) };
};

/** Asks a person whose right to register was checked for their first credentials. */
export const beginRegistration = async (
  person: { readonly orgId: string; readonly userId: string; readonly username: string },
  services: Services,
) => {
  const { orgId, userId, username } = person;
  const row = await issueChallenge({ purpose: 'registration', orgId, userId }, services);
  const issuedAt = services.now();
  const token = await services.tokens.mint(
    { kind: 'Temp', orgId, userId, tokenId: row.id },
    { issuedAt, expiresAt: issuedAt + CHALLENGE_LIFE_MS.registration },
  );
  return registrationChallengeView({ userId, username, challenge: row.challenge, token }, services.settings);
};

/** Registers a person's first credentials. The first administrator's registration founds the organisation. */
const register: Handler = async (request, services) => ({ body: await completeRegistration(request, services) });

type Registered = {
  readonly credential: { readonly uuid: string; readonly kind: string; readonly name: string };
  readonly user: { readonly id: string; readonly username: string; readonly orgId: string };
};

/**
 * Takes the credentials of a registration into the ledger.
 * @param more Further facts of the entry's effects: the ids of an end user's wallets.
 */
export const completeRegistration = async (
  request: ApiRequest,
  services: Services,
  more: { readonly wallets?: Json } = {},
): Promise<Registered> => {
  const row = request.registration;
  const person = row?.userId ? await services.identity.findPerson(row.orgId, row.userId) : null;
  const organisation = row && (await services.identity.findOrganisation(row.orgId));
  if (!row || !person || !organisation || person.registeredAt) return orRefuse(challengeInvalid());
  const credentials = await attested(request.body as NewCredentials, row.challenge, row.orgId, services);
  if (!(await services.identity.consumeChallenge(row.id, new Date(services.now()))))
    return orRefuse(challengeInvalid());
  if (organisation.foundedAt === null) {
    await found({ organisation, userId: person.userId, credentials }, services);
  } else {
    const effects = {
      userId: person.userId,
      challenge: row.challenge,
      credentials: credentials.map(credentialEffects),
      ...more,
    };
    orRefuse(await services.ledger.append({ orgId: row.orgId, kind: 'registration', body: request.bytes, effects }));
  }
  const now = new Date(services.now());
  await services.identity.markRegistered(person.userId, now);
  await services.identity.consumeRegistrationCodes(person.userId, now);
  return {
    credential: await firstOf(credentials, services),
    user: { id: person.userId, username: person.username, orgId: person.orgId },
  };
};

/** Sends a fresh code and voids the former one. The answer is the same whether the person exists or not. */
const resendRegistrationCode: Handler = async (request, services) => {
  const { orgId, username } = request.body as { orgId: string; username: string };
  await quietly(services, async () => {
    const person = await services.identity.findPersonByUsername(orgId, username);
    const user = person && find(await services.loadGovernance(orgId), 'user', person.userId);
    if (!person || person.registeredAt || user?.isActive === false) return;
    const registrationCode = await issueRegistrationCode(person, services);
    await services.sendMail(registrationMail({ orgId, username, registrationCode }, services.settings.publicUrl));
  });
  return { body: { message: 'success' } };
};

export const REGISTRATION_HANDLERS: Handlers = {
  'auth.createRegistrationChallenge': createRegistrationChallenge,
  'auth.register': register,
  'auth.resendRegistrationCode': resendRegistrationCode,
};
