import type { PersonRow } from '@/lib/authentication/ports';
import { isEnabledNetwork } from '@/lib/contract/networks';
import { newId } from '@/lib/domain/ids';
import { refused } from '@/lib/domain/refusal';
import { find } from '@/lib/ledger/state';
import { type ApiRequest, callerOf, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import type { Services } from '../services';
import { submit } from '../submit';
import { walletView } from '../views/wallets';
import { waitFor } from '../wait';
import { openSession, sessionToken } from './login';
import { beginRegistration, completeRegistration } from './registration';
import { KEY_TIMEOUT_MS, notMade, requireAllNodes } from './wallets';

const requireServiceAccount = (request: ApiRequest): void => {
  if (callerOf(request).token?.kind !== 'ServiceAccount')
    refuse(refused(403, 'end_user.service_account', 'Only a service account can do this for an end user.'));
};

/** Introduces an end user; asked for again before they registered, it gives a fresh challenge (contract §2.6). No mail is sent. */
const createDelegatedRegistrationChallenge: Handler = async (request, services) => {
  requireServiceAccount(request);
  const { org, state } = callerOf(request);
  const { email: username, externalId } = request.body as { email: string; externalId?: string };
  const taken = () => refuse(refused(401, 'user.exists', 'User already exists.'));
  const known = await services.identity.findPersonByUsername(org.id, username);
  if (known && (known.registeredAt || find(state, 'user', known.userId)?.kind !== 'EndUser')) return taken();
  const { result } = await submit(request, services, known ? { endUserId: known.userId } : {});
  const person = { userId: result.id, orgId: org.id, username, externalId: externalId ?? null };
  if (!known && !(await services.identity.createPerson(person))) return taken();
  return { body: await beginRegistration(person, services) };
};

type WantedWallets = { readonly wallets: readonly { readonly network: string }[] };

/** Registers an end user, makes the wallets they are given, and signs them in. */
const registerEndUser: Handler = async (request, services) => {
  const row = request.registration;
  const orgId = row?.orgId ?? '';
  const user = row?.userId ? await services.getRecord(orgId, 'user', row.userId) : null;
  if (user?.kind !== 'EndUser')
    return refuse(
      refused(403, 'registration.not_end_user', 'Only end users register here; use POST /auth/registration.'),
    );
  const { wallets: wanted } = request.body as WantedWallets;
  const disabled = wanted.find(({ network }) => !isEnabledNetwork(network, services.settings.mainnet));
  if (disabled) refuse(refused(400, 'network.not_enabled', `network not enabled: ${disabled.network}`));
  if (wanted.length > 0) await requireAllNodes(orgId, services);
  const ids = wanted.map(() => ({
    walletId: newId('wallet', services.random),
    keyId: newId('key', services.random),
  }));
  const registered = await completeRegistration(request, services, { wallets: ids });
  const token = await sessionToken(await openSession({ orgId, userId: user.id }, services), services);
  const wallets = [];
  for (const { walletId } of ids) wallets.push((await walletMade(orgId, walletId, request, services)) ?? notMade());
  return { body: { ...registered, authentication: { token }, wallets } };
};

const walletMade = (orgId: string, walletId: string, request: ApiRequest, services: Services) =>
  waitFor(
    async () => {
      const wallet = await services.getRecord(orgId, 'wallet', walletId);
      const key = wallet?.status === 'Active' ? await services.getRecord(orgId, 'key', wallet.keyId) : null;
      return wallet && key ? walletView(wallet, key) : null;
    },
    KEY_TIMEOUT_MS,
    request.signal,
  );

/** Signs a registered end user in. What they change still takes their own credential. */
const delegatedLogin: Handler = async (request, services) => {
  requireServiceAccount(request);
  const { org } = callerOf(request);
  const { username } = request.body as { username: string };
  const person: PersonRow | null = await services.identity.findPersonByUsername(org.id, username);
  if (!person) return orRefuse(refused(401, 'user.not_found', 'User not found'));
  const { result } = await submit(request, services, { endUserId: person.userId });
  const session = await openSession({ orgId: org.id, userId: result.id }, services);
  return { body: { token: await sessionToken(session, services) } };
};

export const END_USER_HANDLERS: Handlers = {
  'auth.createDelegatedRegistrationChallenge': createDelegatedRegistrationChallenge,
  'auth.registerEndUser': registerEndUser,
  'auth.delegatedLogin': delegatedLogin,
};
