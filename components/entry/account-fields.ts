import { z } from 'zod';
import { typed } from '@/lib/client/typed';
import { registrationInitBody } from '@/lib/contract/auth-registration';
import { displayName } from '@/lib/contract/fields';

const { orgId, username } = registrationInitBody.shape;

/** Who somebody says they are, before any passkey says so. */
export const accountForm = z.object({
  orgId: typed(orgId, 'Type the id of your organisation.'),
  username: typed(username, 'Type your user name, usually your e-mail address.'),
});

/** A passkey's name; one left empty gets `otherwise`. */
export const passkeyName = (otherwise: string) =>
  typed(displayName, 'A name has at most 100 characters.', (text) => text || otherwise);
