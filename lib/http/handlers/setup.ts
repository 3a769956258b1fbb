import { codeHash, createOrganisation } from '@/lib/authentication/organisations';
import { refused } from '@/lib/domain/refusal';
import { type Handler, type Handlers, orRefuse } from '../handler';

/** Makes the first organisation through the one-time link that the first start prints. */
const setUp: Handler = async (request, services) => {
  const {
    token,
    organisation: name,
    username,
  } = request.body as { token: string; organisation: string; username: string };
  if (!(await services.identity.consumeSetupToken(codeHash(token), new Date(services.now())))) {
    orRefuse(
      refused(403, 'setup.token', 'This set-up link was used or is too old. Start the platform again for a fresh one.'),
    );
  }
  return { body: await createOrganisation({ name, username, enrolment: 'vouched' }, services) };
};

export const SETUP_HANDLERS: Handlers = { 'x.setUp': setUp };
