import { sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import { refuse } from './handler';
import { refusalOf } from './problem';
import type { Services } from './services';

/** What somebody tries to prove; attempts of one kind count together. */
export type Attempt = {
  readonly kind: 'login' | 'registration' | 'recovery' | 'userAction' | 'code';
  readonly orgId: string;
  /** Whom it is about: a name as it was given, whether somebody bears it or not, or an id. */
  readonly who: string;
  readonly address: string;
};

/** Under what an attempt's failures are counted: a hash, so that names and addresses are not kept. Hex. */
export const attemptId = ({ kind, orgId, who, address }: Attempt): string =>
  sha256Hex(utf8ToBytes(JSON.stringify(['countersign/attempt/1', kind, orgId, who.toLowerCase(), address])));

type Deps = Pick<Services, 'identity' | 'now'>;

/** @throws RefusalError 429 while attempts are not heard; whether the person exists makes no difference. */
const requireUnlocked = async (id: string, { identity, now }: Deps): Promise<{ readonly hasFailed: boolean }> => {
  const seconds = await identity.lockedFor(id, new Date(now()));
  if (seconds !== null && seconds > 0)
    refuse(
      refused(429, 'authentication.locked', `Too many failed attempts. Try again in ${seconds} s.`, {
        retryAfterSeconds: seconds,
      }),
    );
  return { hasFailed: seconds !== null };
};

/** Asks for the next attempt only while attempts are heard. */
export const assertUnlocked = async (id: string, deps: Deps): Promise<void> => {
  await requireUnlocked(id, deps);
};

/** Runs one attempt: a refusal with 401 or 403 counts as a failure, a success forgives the earlier ones. */
export const attempted = async <T>(id: string, deps: Deps, work: () => Promise<T>): Promise<T> => {
  const { hasFailed } = await requireUnlocked(id, deps);
  try {
    const done = await work();
    if (hasFailed) await deps.identity.forgiveFailures(id);
    return done;
  } catch (error) {
    const { status } = refusalOf(error);
    if (status === 401 || status === 403) await deps.identity.noteFailure(id, new Date(deps.now()));
    throw error;
  }
};
