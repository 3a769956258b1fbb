import type { Prepared } from '@/lib/broadcast/preparation';
import type { Outcome, Refusal } from '@/lib/domain/refusal';
import { isFreeze } from '@/lib/ledger/freeze';
import { DELAYED } from '@/lib/ledger/judge';
import type { ActivityRecord, KeyRecord } from '@/lib/ledger/records';
import { failRequest } from './give-up';
import type { SignActivityDeps } from './sign-deps';
import { type Again, CHAINED_TIMEOUT_MS, noteRefusal, type SignJob, STALLED_MS } from './sign-job';

/** What is to be signed, and the ledger's place up to which a checkpoint must reach. */
export type Reservation = Prepared & { readonly coveredSeq: number };

/** How often a request is looked at that can't be prepared for now. */
const PASSING_MS = 3_000;

/** Reserves the pin, or finds the reservation that stands: a retry keeps its bytes and its pin. What can never be prepared fails. */
export const reserve = async (
  job: SignJob,
  activity: ActivityRecord,
  key: KeyRecord,
  deps: SignActivityDeps,
): Promise<Reservation | { again: Again }> => {
  const { ports } = deps;
  const { orgId, activityId } = job;
  if (activity.status === 'Reserved' && activity.reservation && activity.pin) {
    const head = await ports.ledger.head(orgId);
    const { unsigned, digest, attempt } = activity.reservation;
    return head
      ? { unsigned, digest, attempt, pin: activity.pin, coveredSeq: head.seq }
      : { again: { againInMs: 1_000 } };
  }
  // Asked before bytes are made: they would hold a nonce while the request waits.
  const until = await ports.records.delayedUntil(orgId, activity);
  if (until !== null) return { again: waitUntil(until, ports.clock()) };
  const wallet = activity.walletId === undefined ? null : await ports.records.wallet(orgId, activity.walletId);
  const prepared = await ports.prepare(activity, wallet, key);
  if (!prepared.ok) {
    const { refusal, isFinal } = prepared;
    const { code, message: reason } = refusal;
    ports.log('warn', 'A request could not be prepared.', { ...job, code, reason, isFinal });
    await noteRefusal(job, 0, refusal, ports);
    const isFailed = isFinal && (await failRequest(job, reason, ports));
    return { again: isFailed ? undefined : { againInMs: PASSING_MS } };
  }
  const { unsigned, digest, pin, attempt } = prepared.value;
  const appended = await ports.ledger.append({
    orgId,
    kind: 'reserve',
    body: { activityId, pin: { ...pin }, digest, unsigned, attempt },
    effects: {},
  });
  if (!appended.ok) return { again: await afterRefusal(job, activity, appended.refusal, deps) };
  const coveredSeq = await ports.ledger.waitChained(orgId, appended.value.leafId, CHAINED_TIMEOUT_MS);
  return { ...prepared.value, coveredSeq };
};

/** Nothing is lost by looking too early, and a policy may go meanwhile. */
const waitUntil = (from: number, now: number): Again => ({
  againInMs: Math.min(Math.max(from - now, 1_000), STALLED_MS),
});

const afterRefusal = async (
  job: SignJob,
  activity: ActivityRecord,
  refusal: Refusal,
  { ports, frozen }: SignActivityDeps,
): Promise<Again> => {
  const { orgId, activityId } = job;
  if (isFreeze(refusal.code)) {
    const kept = await frozen.wait(job, activity);
    return kept ? kept.again : { againInMs: 0 };
  }
  if (refusal.code === DELAYED) {
    // Nothing is wrong: a policy wants the request to wait, and its record says until when.
    return waitUntil(Number(refusal.details?.from ?? 0), ports.clock());
  }
  ports.log('warn', 'A reservation was refused.', { ...job, code: refusal.code, reason: refusal.message });
  await noteRefusal(job, 0, refusal, ports);
  const settled = async (outcome: Promise<Outcome<unknown>>): Promise<Again> =>
    (await outcome).ok ? undefined : { againInMs: STALLED_MS };
  switch (refusal.code) {
    case 'reserve.reopen':
      return settled(
        ports.ledger.append({
          orgId,
          kind: 'reopen',
          body: { activityId },
          effects: { approvalId: ports.newApprovalId() },
        }),
      );
    case 'reserve.reject':
      return settled(ports.ledger.append({ orgId, kind: 'reject', body: { activityId }, effects: {} }));
    case 'reserve.pin_held':
      return { againInMs: 1_000 };
    default:
      return { againInMs: STALLED_MS };
  }
};
