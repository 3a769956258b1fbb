import type { RequestBundle } from '@/lib/evidence/bundle';
import { isFreeze } from '@/lib/ledger/freeze';
import type { ActivityRecord } from '@/lib/ledger/records';
import { runCeremony } from './ceremony';
import { giveUpUnsignable, stalled } from './give-up';
import { chooseParticipants, isAble } from './participants';
import { type CoordinatorPorts, sleep } from './ports';
import type { Reservation } from './reserve';
import type { SignActivityDeps } from './sign-deps';
import { type Again, CHAINED_TIMEOUT_MS, noteRefusal, type SignJob, STALLED_MS } from './sign-job';

const CATCH_UP_MS = 5_000;
export type Reserved = {
  readonly publicKey: string;
  /** Nodes with a share of the key. */
  readonly holders: readonly number[];
  readonly prepared: Reservation;
  /** When the ledger part began, by `performance.now()`. */
  readonly started: number;
  readonly deps: SignActivityDeps;
  readonly signal?: AbortSignal;
};

/** Ceremony after ceremony, with other participants each time, until there is a signature or patience ends. */
export const signReserved = async (
  job: SignJob,
  activity: ActivityRecord,
  { publicKey, holders, prepared, started, deps, signal }: Reserved,
): Promise<Again> => {
  const { ports, feed, checkpoints, directory, quorum, relay, notes } = deps;
  const { orgId, activityId } = job;
  const failed = new Map<number, number>();
  let deadline = ports.clock() + deps.patienceMs;
  let ceremonies = 0;
  while (!signal?.aborted) {
    if (ports.clock() > deadline) return stalled(job, activity, deps);
    const able = relay()
      .connected()
      .filter((node) => holders.includes(node) && isAble(directory, node, orgId));
    // After a ceremony that came to nothing the next one rests on the newest head: governance may have moved on.
    const head = ceremonies === 0 ? null : await ports.ledger.head(orgId);
    const covered = Math.max(prepared.coveredSeq, head?.seq ?? 0);
    const checkpoint = await checkpoints.covering(orgId, covered, holders);
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
    const kept = result.refusals.some(({ code }) => isFreeze(code)) && (await deps.frozen.wait(job, activity));
    if (kept) return kept.again;
    // Nodes refuse for what came after the reservation: the ledger's head says whether that lasts.
    const ended = result.refusals.length > 0 && (await giveUpUnsignable(job, activity, deps));
    if (ended) return ended.again;
    for (const node of result.failed) failed.set(node, (failed.get(node) ?? 0) + 1);
    // Every node was tried and failed: start over with all of them, a little later.
    if (
      relay()
        .connected()
        .every((node) => failed.has(node))
    )
      failed.clear();
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
  job: SignJob,
  activity: ActivityRecord,
  { digest, signature, participants }: Signed,
  ports: CoordinatorPorts,
): Promise<Again> => {
  const body = { activityId: job.activityId, digest, signature: { ...signature } };
  const appended = await ports.ledger.append({ orgId: job.orgId, kind: 'release', body, effects: { participants } });
  // Another ceremony was faster: its signature stands, over the same bytes.
  const isRepeated = !appended.ok && appended.refusal.code === 'release.repeated';
  if (!appended.ok && !isRepeated) {
    ports.log('error', 'A signature was not taken into the ledger.', {
      ...job,
      code: appended.refusal.code,
      reason: appended.refusal.message,
    });
    return { againInMs: STALLED_MS };
  }
  if (appended.ok) await ports.ledger.waitChained(job.orgId, appended.value.leafId, CHAINED_TIMEOUT_MS);
  const now = (await ports.records.activity(job.orgId, job.activityId)) ?? activity;
  await ports.onReleased(job.orgId, now, (isRepeated && now.release?.signature) || signature);
  return undefined;
};
