import type { Outcome } from '@/lib/domain/refusal';
import type { RequestBundle } from '@/lib/evidence/bundle';
import type { ActivityRecord, KeyRecord } from '@/lib/ledger/records';
import { abandon, promisesToAbandon } from './abandon';
import { type CeremonyDeps, runCeremony } from './ceremony';
import type { Checkpoints } from './checkpoint';
import type { Directory } from './directory';
import type { Feed } from './feed';
import { chooseParticipants, isAble } from './participants';
import { type CoordinatorPorts, type Prepared, type Quorum, sleep } from './ports';

export type SignActivityDeps = CeremonyDeps & {
  readonly quorum: Quorum;
  readonly feed: Feed;
  readonly checkpoints: Checkpoints;
  readonly directory: Directory;
  /** How long too few nodes are waited for before the request is given up; 60 s. */
  readonly patienceMs: number;
  /** Since when each request has been waiting for enough nodes; lives as long as the process. */
  readonly waitingSince: Map<string, number>;
};

type Again = undefined | { againInMs: number };
type Job = { readonly orgId: string; readonly activityId: string };

const CHAINED_TIMEOUT_MS = 10_000;
const CATCH_UP_MS = 5_000;
const STALLED_MS = 30_000;
/** How often a request that waits for nodes is looked at. */
const WAITING_MS = 1_000;
/** Refusals by which nodes say that the request itself must not be signed now, whoever takes part. */
const isJudgement = (code: string): boolean => code === 'evidence.blocked' || code === 'evidence.approvals_missing';

/** Brings an approved activity to its signature. Does what is left to do, so that it can be called again at any point. */
export const signActivity = async (job: Job, deps: SignActivityDeps, signal?: AbortSignal): Promise<Again> => {
  const { ports } = deps;
  const activity = await ports.records.activity(job.orgId, job.activityId);
  if (!activity) return undefined;
  if (activity.status === 'Released' && activity.release && !activity.chain) {
    await ports.onReleased(job.orgId, activity, activity.release.signature);
    return undefined;
  }
  if (activity.status !== 'Approved' && activity.status !== 'Reserved') return undefined;
  if (activity.chain?.status === 'Failed')
    return activity.status === 'Reserved' ? freePin(job, activity.chain.reason, deps) : undefined;
  if (ableNodes(job, deps).length < deps.quorum.k) return waitForNodes(job, activity, deps);
  deps.waitingSince.delete(job.activityId);
  const started = performance.now();
  const key = await ports.records.key(job.orgId, activity.keyId);
  if (key?.status !== 'Active' || !key.publicKey) return { againInMs: 1_000 };
  const reserved = await reserve(job, activity, key, ports);
  if (!('unsigned' in reserved)) return reserved.again;
  return signReserved(job, activity, { publicKey: key.publicKey, prepared: reserved, started, deps, signal });
};

/** Reserves the pin, or finds the reservation that stands: a retry keeps its bytes and its pin. */
const reserve = async (
  job: Job,
  activity: ActivityRecord,
  key: KeyRecord,
  ports: CoordinatorPorts,
): Promise<(Prepared & { coveredSeq: number }) | { again: Again }> => {
  const { orgId, activityId } = job;
  if (activity.status === 'Reserved' && activity.reservation && activity.pin) {
    const head = await ports.ledger.head(orgId);
    const { unsigned, digest, attempt } = activity.reservation;
    return head
      ? { unsigned, digest, attempt, pin: activity.pin, coveredSeq: head.seq }
      : { again: { againInMs: 1_000 } };
  }
  const wallet = activity.walletId === undefined ? null : await ports.records.wallet(orgId, activity.walletId);
  const prepared = await ports.prepare(activity, wallet, key);
  if (!prepared.ok) {
    ports.log('warn', 'A request could not be prepared.', {
      ...job,
      code: prepared.refusal.code,
      reason: prepared.refusal.message,
    });
    await noteRefusal(job, 0, prepared.refusal, ports);
    return { again: { againInMs: STALLED_MS } };
  }
  const { unsigned, digest, pin, attempt } = prepared.value;
  const appended = await ports.ledger.append({
    orgId,
    kind: 'reserve',
    body: { activityId, pin: { ...pin }, digest, unsigned, attempt },
    effects: {},
  });
  if (appended.ok)
    return {
      ...prepared.value,
      coveredSeq: await ports.ledger.waitChained(orgId, appended.value.leafId, CHAINED_TIMEOUT_MS),
    };
  return { again: await afterRefusedReserve(job, appended.refusal, ports) };
};

const afterRefusedReserve = async (
  job: Job,
  refusal: { code: string; message: string },
  ports: CoordinatorPorts,
): Promise<Again> => {
  const { orgId, activityId } = job;
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

type Reserved = {
  readonly publicKey: string;
  readonly prepared: Prepared & { coveredSeq: number };
  /** When the ledger part began, by `performance.now()`. */
  readonly started: number;
  readonly deps: SignActivityDeps;
  readonly signal?: AbortSignal;
};

/** Ceremony after ceremony, with other participants each time, until there is a signature or patience ends. */
const signReserved = async (
  job: Job,
  activity: ActivityRecord,
  { publicKey, prepared, started, deps, signal }: Reserved,
): Promise<Again> => {
  const { ports, feed, checkpoints, directory, quorum, relay, notes } = deps;
  const { orgId, activityId } = job;
  const failed = new Map<number, number>();
  let deadline = ports.clock() + deps.patienceMs;
  let ceremonies = 0;
  while (!signal?.aborted) {
    if (ports.clock() > deadline) return stalled(job, deps);
    const able = relay()
      .connected()
      .filter((node) => isAble(directory, node, orgId));
    // After a ceremony that came to nothing the next one rests on the newest head: governance may have moved on.
    const head = ceremonies === 0 ? null : await ports.ledger.head(orgId);
    const covered = Math.max(prepared.coveredSeq, head?.seq ?? 0);
    const checkpoint = await checkpoints.covering(orgId, covered);
    const candidates = able.filter((node) => checkpoint?.signers.includes(node));
    const participants = chooseParticipants(
      candidates.map((node) => ({ node, latencyMs: relay().latencyMs(node), busy: notes.busy(node) })),
      { quorum, avoid: new Set(failed.keys()), turn: turns++, fits: (a, b) => directory.commonEpochs(a, b).length > 0 },
    );
    if (!checkpoint || !participants) {
      await sleep(200, signal);
      continue;
    }
    const fed = await Promise.all(
      participants.map((node) => feed.reached(node, orgId, checkpoint.entrySeq, CATCH_UP_MS)),
    );
    const late = participants.filter((_, i) => !fed[i]);
    if (late.length > 0) {
      for (const node of late) failed.set(node, (failed.get(node) ?? 0) + 1);
      continue;
    }
    const bundle: RequestBundle = {
      v: 1,
      orgId,
      activityId,
      head: { seq: checkpoint.seq, root: checkpoint.root },
      unsigned: prepared.unsigned,
      digests: [prepared.digest],
      attempt: prepared.attempt,
      participants,
    };
    const ledgerMs = performance.now() - started;
    const result = await runCeremony(bundle, publicKey, deps);
    ceremonies += 1;
    // Patience is for nodes that are not there; the time of a ceremony that ran is not taken from it, a few times.
    if (ceremonies <= 3) deadline = Math.max(deadline, ports.clock() + deps.patienceMs);
    if (result.kind === 'signed') {
      ports.log('info', 'Signed.', {
        orgId,
        activityId,
        participants,
        ceremonies,
        ceremonyMs: Math.round(result.ceremonyMs),
        acceptMs: Math.round(result.acceptMs),
        ledgerMs: Math.round(ledgerMs),
      });
      return released(job, activity, { digest: prepared.digest, signature: result.signature, participants }, ports);
    }
    ports.log('warn', 'A ceremony came to nothing.', { orgId, activityId, participants, refusals: result.refusals });
    for (const refusal of result.refusals) await noteRefusal(job, refusal.node, refusal, ports);
    for (const node of result.failed) failed.set(node, (failed.get(node) ?? 0) + 1);
    // Every node was tried and failed: start over with all of them, a little later.
    if (
      relay()
        .connected()
        .every((node) => failed.has(node))
    )
      failed.clear();
    if (result.refusals.length > 0 && result.refusals.every(({ code }) => isJudgement(code)))
      deadline = Math.min(deadline, ports.clock() + deps.patienceMs / 4);
    await sleep(Math.min(100 * ceremonies, 2_000), signal);
  }
  return { againInMs: 1_000 };
};

/** Rotates the choice among nodes that are equally good. */
let turns = 0;

type Signed = {
  readonly digest: string;
  readonly signature: Parameters<CoordinatorPorts['onReleased']>[2];
  readonly participants: readonly number[];
};

const released = async (
  job: Job,
  activity: ActivityRecord,
  { digest, signature, participants }: Signed,
  ports: CoordinatorPorts,
): Promise<Again> => {
  const body = { activityId: job.activityId, digest, signature: { ...signature } };
  const appended = await ports.ledger.append({ orgId: job.orgId, kind: 'release', body, effects: { participants } });
  if (!appended.ok) {
    ports.log('error', 'A signature was not taken into the ledger.', {
      ...job,
      code: appended.refusal.code,
      reason: appended.refusal.message,
    });
    return { againInMs: STALLED_MS };
  }
  await ports.ledger.waitChained(job.orgId, appended.value.leafId, CHAINED_TIMEOUT_MS);
  const now = await ports.records.activity(job.orgId, job.activityId);
  await ports.onReleased(job.orgId, now ?? activity, signature);
  return undefined;
};

const ableNodes = ({ orgId }: Job, { relay, directory }: SignActivityDeps): number[] =>
  relay()
    .connected()
    .filter((node) => isAble(directory, node, orgId));

/** Too few nodes are there: looks again a little later, and fails the request when patience ends. Nothing is pinned for it meanwhile. */
const waitForNodes = async (
  job: Job,
  activity: Pick<ActivityRecord, 'status'>,
  deps: SignActivityDeps,
): Promise<Again> => {
  const { ports, quorum, waitingSince, patienceMs } = deps;
  const since = waitingSince.get(job.activityId) ?? ports.clock();
  waitingSince.set(job.activityId, since);
  if (ports.clock() - since < patienceMs) return { againInMs: WAITING_MS };
  const reason = `Only ${ableNodes(job, deps).length} of the ${quorum.k} signer nodes that are needed were there for ${Math.round(patienceMs / 1_000)} s. Ask again when they are back.`;
  if (activity.status === 'Reserved' && !(await isUnsigned(job, deps))) {
    ports.log('warn', 'A request waits for signer nodes: they may have signed it already.', { ...job, reason });
    return { againInMs: WAITING_MS };
  }
  await noteRefusal(job, 0, { code: 'signing.too_few_signers', message: reason }, ports);
  // Signers judge by this entry too: what failed here is never signed later.
  const appended = await ports.ledger.append({
    orgId: job.orgId,
    kind: 'broadcast',
    body: { activityId: job.activityId, status: 'Failed', reason },
    effects: {},
  });
  if (!appended.ok) return { againInMs: WAITING_MS };
  waitingSince.delete(job.activityId);
  ports.log('warn', 'A request failed.', { ...job, reason });
  return activity.status === 'Reserved' ? { againInMs: WAITING_MS } : undefined;
};

/** No k nodes can have signed when more than n - k promise that they have released nothing and never will. */
const isUnsigned = async (job: Job, { ports, quorum, relay }: SignActivityDeps): Promise<boolean> =>
  (await promisesToAbandon(job, { ports, relay })).length > quorum.n - quorum.k;

/** Frees pin, nonce and windows of a failed request, as soon as k nodes are there to promise that it is never signed. */
const freePin = async (
  job: Job,
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
 * Enough nodes are there and can't sign together. The request fails clearly where k of them can promise to release nothing; where they
 * can't, it keeps its pin and its place in the windows (a failure the server merely states frees nothing) and is tried again later.
 */
const stalled = async (job: Job, { ports, quorum, relay }: SignActivityDeps): Promise<Again> => {
  const reason = `No ${quorum.k} signer nodes could sign together.`;
  await noteRefusal(job, 0, { code: 'signing.too_few_signers', message: reason }, ports);
  if (await abandon({ ...job, reason }, { ports, quorum, relay })) return undefined;
  ports.log('warn', 'A request waits for signer nodes.', { ...job, reason });
  return { againInMs: STALLED_MS };
};

const noteRefusal = async (
  { orgId, activityId }: Job,
  node: number,
  { code, message }: { code: string; message: string },
  ports: CoordinatorPorts,
): Promise<void> => {
  await ports.nodes
    .refusal({ orgId, activityId, node, code, message })
    .catch((error: unknown) => ports.log('warn', 'A refusal could not be written.', { err: error }));
};
