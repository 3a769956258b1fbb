import { issueRegistrationCode } from '@/lib/authentication/organisations';
import { parsePublicKey } from '@/lib/authentication/pem';
import { refused } from '@/lib/domain/refusal';
import { all, find } from '@/lib/ledger/state';
import { requirePermission } from '../authorization';
import { callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { registrationMail } from '../mails';
import { pageOfRecords } from '../pagination';
import { submit } from '../submit';
import { serviceAccountView, userViews } from '../views/identities';
import { requireProviderFor } from './sso';

const listUsers: Handler = async (request, services) => {
  const { state } = callerOf(request);
  const { kind } = request.query;
  const users = all(state, 'user').filter(
    (user) => !user.isServiceAccount && !user.isArchived && (kind === undefined || user.kind === kind),
  );
  const { items, nextPageToken } = pageOfRecords(users, request, services);
  return { body: { items: await userViews(state, items, services), ...(nextPageToken ? { nextPageToken } : {}) } };
};

/** Everybody may read themselves. */
const getUser: Handler = async (request, services) => {
  const { state, user: self } = callerOf(request);
  const id = request.params.userId ?? '';
  if (id !== self.id) requirePermission(request, 'Auth:Users:Read');
  const user = find(state, 'user', id);
  if (!user || user.isArchived || (user.isServiceAccount && user.id !== self.id))
    return orRefuse(refused(404, 'user.not_found', 'user not found', { userId: id }));
  return { body: (await userViews(state, [user], services))[0] };
};

/** Invites a person: the id stands in the ledger, name and address beside it, the code goes out by mail. */
const createUser: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { email, externalId, publicKey } = request.body as { email: string; externalId?: string; publicKey?: string };
  if (publicKey !== undefined)
    orRefuse(
      refused(400, 'contract.not_supported', '"publicKey" is not supported: the person registers their own key.'),
    );
  requireProviderFor((request.body as { isSSORequired?: boolean }).isSSORequired, services);
  const taken = () => refused(401, 'user.exists', 'User already exists.');
  if (await services.identity.findPersonByUsername(org.id, email)) orRefuse(taken());
  const { result } = await submit(request, services);
  const person = { userId: result.id, orgId: org.id, username: email, externalId: externalId ?? null };
  if (!(await services.identity.createPerson(person))) orRefuse(taken());
  const registrationCode = await issueRegistrationCode(person, services);
  await services.sendMail(
    registrationMail({ orgId: org.id, username: email, registrationCode }, services.settings.publicUrl),
  );
  const state = await services.loadGovernance(org.id);
  const user = find(state, 'user', result.id);
  return { body: user && (await userViews(state, [user], services))[0] };
};

const listServiceAccounts: Handler = async (request) => {
  const { state } = callerOf(request);
  const accounts = all(state, 'user').filter((user) => user.isServiceAccount && !user.isArchived);
  return { body: { items: accounts.map((user) => serviceAccountView(state, user)) } };
};

const getServiceAccount: Handler = async (request) => {
  const { state } = callerOf(request);
  const id = request.params.serviceAccountId ?? '';
  const user = find(state, 'user', id);
  if (!user?.isServiceAccount || user.isArchived)
    return orRefuse(refused(404, 'service_account.not_found', 'service account not found', { serviceAccountId: id }));
  return { body: serviceAccountView(state, user) };
};

/** The token stands in the ledger first; what bears it is minted after, shown once and kept nowhere. */
const createServiceAccount: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { publicKey, permissionId } = request.body as { publicKey: string; permissionId?: string };
  if (parsePublicKey(publicKey) === null) {
    orRefuse(
      refused(
        400,
        'service_account.public_key',
        'publicKey: must be P-256, P-384, P-521, secp256k1, Ed25519 or RSA from 2048 bits.',
      ),
    );
  }
  if (permissionId !== undefined) requirePermission(request, 'Permissions:Assign');
  const { result } = await submit(request, services);
  const state = await services.loadGovernance(caller.org.id);
  const user = find(state, 'user', result.id);
  const token = all(state, 'token').find((item) => item.userId === result.id);
  if (!user || !token) throw new Error(`The service account ${result.id} was written without its token.`);
  const accessToken = await services.tokens.mint(
    { kind: 'ServiceAccount', orgId: caller.org.id, userId: user.id, tokenId: token.id },
    { issuedAt: services.now(), expiresAt: token.expiresAt },
  );
  return { body: serviceAccountView(state, user, accessToken) };
};

export const IDENTITY_HANDLERS: Handlers = {
  'auth.listUsers': listUsers,
  'auth.getUser': getUser,
  'auth.createUser': createUser,
  'auth.listServiceAccounts': listServiceAccounts,
  'auth.getServiceAccount': getServiceAccount,
  'auth.createServiceAccount': createServiceAccount,
};
