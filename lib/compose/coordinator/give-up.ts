import type { ActivityRecord } from '@/lib/ledger/records';
import { abandon, promisesToAbandon } from './abandon';
import type { CoordinatorPorts } from './ports';
import { ableNodes, type SignActivityDeps } from './sign-deps';
import { type Again, noteRefusal, type SignJob, STALLED_MS, WAITING_MS } from './sign-job';

/**
 * Fails a request for good, with its reason: signers judge by this entry too, so what failed here is never signed later. Pin, nonce and
 * windows of one that was reserved are freed by `abandon` alone. @returns false when the ledger did not take it.
 */
export const failRequest = async (
  job: SignJob,
  reason: string,
  ports: Pick<CoordinatorPorts, 'ledger' | 'log'>,
): Promise<boolean> => {
  const appended = await ports.ledger.append({
    orgId: job.orgId,
    kind: 'broadcast',
    body: { activityId: job.activityId, status: 'Failed', reason },
    effects: {},
  });
  if (appended.ok) ports.log('warn', 'A request failed.', { ...job, reason });
  return appended.ok;
};

/** Too few nodes are there: looks again a little later, and fails the request when patience ends. Nothing is pinned for it meanwhile. */
export const waitForNodes = async (job: SignJob, activity: ActivityRecord, deps: SignActivityDeps): Promise<Again> => {
  const { ports, quorum, frozen, waitingSince, patienceMs } = deps;
  const since = waitingSince.get(job.activityId) ?? ports.clock();
  waitingSince.set(job.activityId, since);
  if (ports.clock() - since < patienceMs) return { againInMs: WAITING_MS };
  const kept = await frozen.wait(job, activity);
  if (kept) {
    // Its minute begins anew after the freeze.
    waitingSince.delete(job.activityId);
    return kept.again;
  }
  const reason = `Only ${ableNodes(job, deps).length} of the ${quorum.k} signer nodes that are needed were there for ${Math.round(patienceMs / 1_000)} s. Ask again when they are back.`;
  if (activity.status === 'Reserved' && !(await isUnsigned(job, deps))) {
    ports.log('warn', 'A request waits for signer nodes: they may have signed it already.', { ...job, reason });
    return { againInMs: WAITING_MS };
  }
  await noteRefusal(job, 0, { code: 'signing.too_few_signers', message: reason }, ports);
  if (!(await failRequest(job, reason, ports))) return { againInMs: WAITING_MS };
  waitingSince.delete(job.activityId);
  return activity.status === 'Reserved' ? { againInMs: WAITING_MS } : undefined;
};

/** No k nodes can have signed when more than n - k promise that they have released nothing and never will. */
const isUnsigned = async (job: SignJob, { ports, quorum, relay }: SignActivityDeps): Promise<boolean> =>
  (await promisesToAbandon(job, { ports, relay })).length > quorum.n - quorum.k;

/** Frees pin, nonce and windows of a failed request, as soon as k nodes are there to promise that it is never signed. */
export const freePin = async (
  job: SignJob,
  reason: string | undefined,
  { ports, quorum, relay }: SignActivityDeps,
): Promise<Again> => {
  if (relay().connected().length < quorum.k) return { againInMs: WAITING_MS };
  const isFree = await abandon(
    { ...job, reason: reason ?? 'The request failed before it was signed.' },
    { ports, quorum, relay },
  );
  return isFree ? undefined : { againInMs: STALLED_MS };
};

/**
 * Gives a reserved request up at once where policies that came after its reservation keep every node from signing it: the wallet's next
 * request waits for its nonce. It keeps the pin where k nodes can't promise to release nothing.
 * @returns null where nothing in force keeps it from being signed.
 */
export const giveUpUnsignable = async (
  job: SignJob,
  activity: ActivityRecord,
  { ports, quorum, relay, patienceMs }: SignActivityDeps,
): Promise<{ again: Again } | null> => {
  const refusal = await ports.records.unsignable(job.orgId, activity, patienceMs);
  if (!refusal) return null;
  await noteRefusal(job, 0, refusal, ports);
  const reason = `Given up before it was signed: ${refusal.message}`;
  return {
    again: (await abandon({ ...job, reason }, { ports, quorum, relay })) ? undefined : { againInMs: STALLED_MS },
  };
};

/**
 * Enough nodes are there and can't sign together. The request fails clearly where k of them can promise to release nothing; where they
 * can't, it keeps its pin and its place in the windows (a failure the server merely states frees nothing) and is tried again later.
 */
export const stalled = async (
  job: SignJob,
  activity: ActivityRecord,
  { ports, quorum, relay, frozen }: SignActivityDeps,
): Promise<Again> => {
  const kept = await frozen.wait(job, activity);
  if (kept) return kept.again;
  const reason = `No ${quorum.k} signer nodes could sign together.`;
  await noteRefusal(job, 0, { code: 'signing.too_few_signers', message: reason }, ports);
  if (await abandon({ ...job, reason }, { ports, quorum, relay })) return undefined;
  ports.log('warn', 'A request waits for signer nodes.', { ...job, reason });
  return { againInMs: STALLED_MS };
};
