import { type Relay, type RelayOptions, startRelay } from '@/lib/transport/relay-server';
import { createBranches } from './branches';
import { createCeremonyNotes } from './ceremonies';
import { createCheckpoints } from './checkpoint';
import { createKey } from './create-key';
import { createDirectory, type Directory } from './directory';
import { createFeed, type Feed } from './feed';
import { createFrozenRequests } from './frozen-requests';
import { createWitnessHeartbeats } from './heartbeat';
import { createPairScheduler } from './pair-scheduler';
import { createPeerReports } from './peer-reports';
import type { CoordinatorPorts, Quorum } from './ports';
import { createLedgerRecovery } from './recovery';
import { signActivity } from './sign-activity';
import { createTestimonies } from './testimonies';

export type CoordinatorOptions = {
  readonly ports: CoordinatorPorts;
  readonly quorum: Quorum;
  readonly host?: string;
  readonly port: number;
  readonly patienceMs?: number;
  readonly heartbeatMs?: number;
  readonly tap?: RelayOptions['tap'];
};

/** Schedules ceremonies and relays between the nodes. It is trusted for nothing but being there. */
export type Coordinator = {
  readonly relayUrl: string;
  readonly relay: Relay;
  readonly directory: Directory;
  readonly feed: Feed;
  signActivity(
    job: { orgId: string; activityId: string },
    signal?: AbortSignal,
  ): Promise<undefined | { againInMs: number }>;
  createKey(job: { orgId: string; keyId: string }, signal?: AbortSignal): Promise<undefined | { againInMs: number }>;
  /** What keeps the database from being known to be as far as the nodes hold the ledgers, in words; null: nothing. */
  waitsFor(): Promise<string | null>;
  heartbeat(): Promise<void>;
  /** One round of signed heads of all organisations. */
  witness(): Promise<void>;
  close(): Promise<void>;
};

const PATIENCE_MS = 60_000;
const HEARTBEAT_MS = 30_000;
/** How long work waits while the database takes back what the nodes hold. */
const BEHIND_MS = 1_000;

export const createCoordinator = async (options: CoordinatorOptions): Promise<Coordinator> => {
  const { ports, quorum } = options;
  let started: Relay | undefined;
  const relay = (): Relay => {
    if (!started) throw new Error('The relay is not up yet.');
    return started;
  };
  const directory = createDirectory(ports, quorum);
  const recovery = createLedgerRecovery({ ports, quorum, relay, feed: () => feed, directory });
  const testimonies = createTestimonies({ ports, quorum, relay, heads: (orgId) => feed.heads(orgId) });
  const feed: Feed = createFeed(ports, relay, recovery.behind, {
    testimonies,
    branches: createBranches({ ports, relay }),
  });
  const notes = createCeremonyNotes(relay);
  const heartbeats = createWitnessHeartbeats({ ports, quorum, relay, directory });
  const checkpoints = createCheckpoints({ ports, quorum, relay, feed, recovery, heartbeats });
  const pairs = createPairScheduler({ ports, relay, directory });
  const reports = createPeerReports({ relay, directory });

  await ports.nodes.disconnected('all');
  started = await startRelay({
    host: options.host,
    port: options.port,
    clock: ports.clock,
    tap: options.tap,
    admit: directory.admit,
    onConnected: (node, signed) => {
      directory.connected(signed);
      feed.connected(signed);
      recovery.heard(node, signed.hello.heads);
      void reports.introduce(node);
      setTimeout(pairs.look, 50).unref();
    },
    onGone: (node) => {
      directory.gone(node);
      feed.gone(node);
      notes.gone(node);
    },
    onAlarm: (node, { orgId, ...alarm }, isCleared) => {
      const what = { node, ...alarm };
      if (!isCleared) ports.log('error', `ALERT: ${alarm.message}`, { node, orgId, code: alarm.code });
      (isCleared ? ports.witness.clear(orgId, what) : ports.witness.alarm(orgId, what)).catch((error: unknown) =>
        ports.log('warn', 'An alarm could not be written.', { node, err: error }),
      );
    },
    onNote: (node, note) => {
      if (note.kind === 'status') {
        directory.note(node, note);
        return pairs.look();
      }
      notes.note(node, note);
      if (note.kind === 'ended') pairs.ended(note.ceremonyId);
    },
  });
  const frozen = createFrozenRequests(ports);
  const unsubscribe = ports.ledger.onChained((orgId) => {
    feed.pump(orgId);
    frozen.look(orgId);
  });
  let isBeating = false;
  const heartbeat = async (): Promise<void> => {
    if (isBeating) return;
    isBeating = true;
    try {
      await checkpoints.heartbeat();
    } catch (error) {
      ports.log('warn', 'The heartbeat failed.', { err: error });
    } finally {
      isBeating = false;
    }
  };
  const timer = setInterval(() => {
    void heartbeat();
    void reports.repeat();
    directory.renew();
  }, options.heartbeatMs ?? HEARTBEAT_MS);
  timer.unref();
  let isWitnessing = false;
  const witness = async (): Promise<void> => {
    if (isWitnessing) return;
    isWitnessing = true;
    try {
      await heartbeats.beat();
    } catch (error) {
      ports.log('warn', 'The heartbeat of the nodes failed.', { err: error });
    } finally {
      isWitnessing = false;
    }
  };
  // Three within the 30 s for which a node goes by one: a lost one does no harm.
  const witnessTimer = setInterval(() => void witness(), (options.heartbeatMs ?? HEARTBEAT_MS) / 3);
  witnessTimer.unref();

  const shared = { ports, quorum, relay, feed, notes };
  const waitingSince = new Map<string, number>();
  const screeningSince = new Map<string, number>();
  return {
    relayUrl: started.url,
    relay: started,
    directory,
    feed,
    signActivity: async (job, signal) => {
      if (!(await recovery.isInStep(job.orgId))) return { againInMs: BEHIND_MS };
      return signActivity(
        job,
        {
          ...shared,
          checkpoints,
          directory,
          frozen,
          waitingSince,
          screeningSince,
          patienceMs: options.patienceMs ?? PATIENCE_MS,
        },
        signal,
      );
    },
    createKey: async (job, signal) =>
      (await recovery.isInStep(job.orgId)) ? createKey(job, shared, signal) : { againInMs: BEHIND_MS },
    waitsFor: recovery.waitsFor,
    heartbeat,
    witness,
    close: async () => {
      clearInterval(timer);
      clearInterval(witnessTimer);
      unsubscribe();
      pairs.close();
      feed.close();
      await relay().close();
    },
  };
};
