import { find } from '@/lib/ledger/state';
import { callerOf, type Handler, type Handlers } from '../handler';
import { submitSigned } from '../submit';
import { IDENTITY_VIEWS } from '../views/identities';

/** The ledger shuts the person out at once; sessions and codes end too, so that none of them revives with the account. */
const shutOut: Handler = async (request, services) => {
  const answer = await submitSigned(request, services, IDENTITY_VIEWS);
  await endAccess(request, services);
  return answer;
};

/** Whatever a failure left open when the account was shut is closed before it opens again. */
const letIn: Handler = async (request, services) => {
  const user = find(callerOf(request).state, 'user', request.params.userId ?? '');
  if (user && !user.isActive) await endAccess(request, services);
  return submitSigned(request, services, IDENTITY_VIEWS);
};

const endAccess = async (...[request, services]: Parameters<Handler>): Promise<void> => {
  const userId = request.params.userId ?? '';
  const now = new Date(services.now());
  await services.identity.revokeSessionsOf(callerOf(request).org.id, userId, now);
  await services.identity.consumeRegistrationCodes(userId, now);
};

export const REMOVAL_HANDLERS: Handlers = {
  'auth.activateUser': letIn,
  'auth.deactivateUser': shutOut,
  'auth.archiveUser': shutOut,
};
