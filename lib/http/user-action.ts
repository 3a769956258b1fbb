import { type Assertion, hashBody, type Statement } from '@/lib/authentication/statement';
import { sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Caller } from './handler';
import type { Services } from './services';

export const USER_ACTION_HEADER = 'x-dfns-useraction';

/** What is being called: the raw encoded pathname, the query with its question mark, and the exact bytes of the body. */
export type CalledRequest = {
  readonly method: string;
  readonly pathname: string;
  readonly search: string;
  readonly bytes: Uint8Array;
};

/**
 * Spends the user action that a request carries (contract §2.5): it must be this caller's, from this token, over exactly this
 * method, path and body, unexpired and unused. It is spent before anything else happens, so a call that fails burns it.
 */
export const spendUserAction = async (
  token: string | null,
  called: CalledRequest,
  caller: Caller,
  services: Services,
): Promise<Outcome<{ readonly statement: Statement; readonly assertion: Assertion }>> => {
  const found = token ? await services.identity.findUserAction(userActionHash(token)) : null;
  const now = new Date(services.now());
  if (!found || found.orgId !== caller.org.id || found.userId !== caller.user.id || found.jti !== caller.jti)
    return invalid();
  const { statement, assertion } = found;
  const isSamePath = statement.path === called.pathname || statement.path === called.pathname + called.search;
  if (statement.method !== called.method || !isSamePath || statement.bodyHash !== hashBody(called.bytes))
    return invalid();
  if (found.consumedAt) return used();
  if (found.expiresAt <= now) return invalid();
  if (!(await services.identity.consumeUserAction(found.tokenHash, now))) return used();
  return accepted({ statement, assertion });
};

/** What of a user-action token is kept. */
export const userActionHash = (token: string): string => sha256Hex(utf8ToBytes(token));

const invalid = () => refused(403, 'authentication.user_action_invalid', 'user action signature is missing or invalid');
const used = () => refused(400, 'authentication.user_action_used', 'user action has already been used');
