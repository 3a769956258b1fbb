import type { SignActivityDeps } from './sign-deps';
import { type Again, CHAINED_TIMEOUT_MS, type SignJob } from './sign-job';

/** How long a vendor that does not answer is asked again, before its failure counts. */
const PATIENCE_MS = 15_000;
const AGAIN_MS = 3_000;

/**
 * Renews what vendors say of the request, right before it is reserved or signed. What comes of it is for the rules to say: they read the
 * ledger, here as at the signers. @returns null to go on, or when to look again while a vendor does not answer.
 */
export const screenBeforeSigning = async (
  job: SignJob,
  { ports, screeningSince }: Pick<SignActivityDeps, 'ports' | 'screeningSince'>,
): Promise<{ again: Again } | null> => {
  const since = screeningSince.get(job.activityId) ?? ports.clock();
  const isPatient = ports.clock() - since < PATIENCE_MS;
  const screened = await ports.ledger.screenAgain({ ...job, failures: isPatient ? 'wait' : 'take' });
  if (screened.kind === 'unanswered' && isPatient) {
    screeningSince.set(job.activityId, since);
    ports.log('warn', 'A request waits for its screening.', job);
    return { again: { againInMs: AGAIN_MS } };
  }
  screeningSince.delete(job.activityId);
  if (screened.kind === 'renewed') await ports.ledger.waitChained(job.orgId, screened.leafId, CHAINED_TIMEOUT_MS);
  return null;
};
