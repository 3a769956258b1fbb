import { randomBytes } from 'node:crypto';
import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { bytesToHex } from '@/lib/domain/hash';
import { genesisFingerprint, genesisHash } from '@/lib/ledger/genesis';
import { certificatesInForce, isSameIdentity } from '@/lib/ledger/nodes';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { parseEnvelope } from '@/lib/transport/envelope';
import type { FromNode, Hello, NodeStatus } from '@/lib/transport/messages';
import { dialRelay, type Send } from '@/lib/transport/relay-client';
import { createTokenBucket } from '@/lib/transport/token-bucket';
import { type Alarm, createAlarms, type NodeAlarm, PAIR_BURNED, QUARANTINED } from './alarms';
import { createAnswerPace } from './answer-pace';
import { createAnswers } from './answers';
import { createBranches } from './branches';
import { createCeremonies } from './ceremonies';
import { type CeremonyDriver, createCeremonyDriver } from './ceremony-driver';
import { createDkgDriver } from './dkg-driver';
import { loadIdentity, loadNextIdentity, takeUpNextIdentity } from './identity';
import { createIntroduction } from './introduction';
import { createJournal } from './journal';
import { isFrozenHere, readLocalFreeze, watchLocalFreeze } from './local-freeze';
import { ABORT_ANSWER_DELAY_MS } from './outcome-of-abort';
import { isForgottenCheckpoint } from './own-checkpoints';
import { createOwnReleases } from './own-releases';
import { createPairDriver } from './pair-driver';
import { createPairs } from './pairs';
import { createReadmission } from './readmission';
import { createReplayDriver, type Following } from './replay-driver';
import { createReserveFloor } from './reserve-floor';
import { createRollbackGuard } from './rollback';
import { fileKeyWrapper } from './sealed-records';
import { selfTest } from './self-test';
import { createShares } from './shares';
import { openStore } from './store';
import { evidenceOf, short } from './told-to-relay';
import { createWatch } from './watch';
import { createWitness } from './witness';

export type SignerNodeOptions = {
  readonly node: number;
  readonly k: number;
  readonly n: number;
  /** This node's own directory; made when it is not there. */
  readonly directory: string;
  /** Hashes of the geneses it accepts, or `any` on a single machine. */
  readonly genesis: readonly string[] | 'any';
  readonly region?: string;
  readonly relayUrl: () => string | null;
  readonly ports: LedgerPorts;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
  /** Called when the node can't go on, e.g. because its disk failed; the process has to end. */
  readonly onFatal: (error: unknown) => void;
  readonly clock?: () => number;
};

export type SignerNode = { readonly certificate: Hello['certificate']; status(): NodeStatus; close(): void };

/** Per peer; a signing ceremony takes three messages of one. */
const ENVELOPES = { perSecond: 300, burst: 1_200 } as const;

/**
 * Starts a signer node: opens its store under the operating system's lock, tests itself, replays what it holds, and dials the relay.
 * Everything it decides is synchronous, one thing at a time; what it says is on its disk first.
 * @throws {StoreLockedError} {SelfTestError}
 */
export const startSignerNode = (options: SignerNodeOptions): SignerNode => {
  const { node, k, n, directory, ports, log, onFatal } = options;
  const clock = options.clock ?? Date.now;
  const store = openStore(directory);
  const wrapper = fileKeyWrapper(directory);
  const identity = loadIdentity(directory, { node, region: options.region ?? 'local', wrapper });
  selfTest(identity, wrapper);
  const floor = createReserveFloor(store);

  let send: Send | null = null;
  let isTold = false;
  const say = (message: FromNode): void => send?.message(message);
  const sendBytes = (bytes: Uint8Array): void => send?.envelope(bytes);
  const { certificate } = identity;

  const journal = createJournal(store, clock);
  const tell = ({ content, message, ...alarm }: Alarm, isCleared: boolean): void =>
    say({ t: 'alarm', alarm: { ...alarm, message: message.slice(0, 500), content: { ...content } }, isCleared });
  const alarms = createAlarms(store, tell, log);
  const replay = createReplayDriver({
    store,
    onCheckpoint: (checkpoint, signatures) => {
      if (isForgottenCheckpoint(checkpoint, signatures, { node, ownKey: certificate.signingKey, store }))
        rollback.foundOwnCheckpoint(checkpoint.orgId, checkpoint.seq);
    },
    onStopped: (orgId, code, reason, evidence) =>
      alarms.raise({ orgId, code, subject: orgId, message: reason, content: evidenceOf(evidence), at: clock() }),
    ports,
    clock,
    log,
    configuration: { node, k, n, certificate, genesis: options.genesis },
  });
  /** Whether the identity made by `enrol --renew` is in force by now. */
  const isRenewed = (orgIds: readonly string[]): boolean => {
    const next = loadNextIdentity(directory, { node, wrapper });
    return next !== null && orgIds.some((orgId) => replay.isInForce(orgId, next.certificate));
  };
  if (isRenewed(replay.organisations())) {
    takeUpNextIdentity(directory);
    store.close();
    log('warn', "This node's renewed certificate is in force: it goes on under its new identity key.", { node });
    return startSignerNode(options);
  }
  const alarm: NodeAlarm = (code, subject, message, content) => {
    for (const orgId of replay.organisations())
      alarms.raise({ orgId, code, subject, message, content: { node, ...content }, at: clock() });
  };
  const clearNodeAlarms = (isOver: (found: Alarm) => boolean): void => {
    for (const { orgId, code, subject } of alarms.all().filter(isOver)) alarms.clear(orgId, code, subject);
  };
  const watch = createWatch({ me: node, store, replay, clock, sign: identity.sign });
  const witness = createWitness({ store, replay, floor, clock, sign: identity.sign, covers: watch.covers });
  const releases = createOwnReleases({ store, replay, alarms, clock });
  const pairs = createPairs({ store, wrapper, node, clock });
  const shares = createShares({ store, wrapper, node });
  const ceremonies = createCeremonies(clock);
  const pace = createAnswerPace();
  /** What this node signs for. */
  const followed = (): readonly Following[] =>
    replay.organisations().flatMap((orgId) => {
      const following = replay.find(orgId);
      return following.ok ? [following.value] : [];
    });
  const members = () => followed().flatMap(({ replica }) => certificatesInForce(replica.state));
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const counts = { malformed: 0, overRate: 0, refused: 0 };

  let statusTimer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    statusTimer ??= setTimeout(() => {
      statusTimer = undefined;
      say({ t: 'note', note: { kind: 'status', status: status() } });
    }, 20);
  };
  const asks = bytesToHex(random(32));
  const rollback = createRollbackGuard({
    node,
    k,
    store,
    journal,
    members,
    ownKey: certificate.signingKey,
    floor,
    asks,
    clock,
    log,
    alarm,
    changed,
  });
  const { isQuarantined } = rollback;
  const hasHeard = ({ replica }: Following): boolean => rollback.hasHeard(certificatesInForce(replica.state));
  const readmission = createReadmission({
    store,
    journal,
    rollback,
    watch,
    replay,
    floor,
    k,
    clock,
    log,
    readmitted: () => clearNodeAlarms(({ code }) => code === QUARANTINED),
    changed,
  });
  const frozen = () => readLocalFreeze(directory);
  const isFrozen = (orgId: string): boolean => isFrozenHere(frozen(), orgId);
  const freezeWatch = watchLocalFreeze(directory, (now) => {
    log('warn', 'The freeze of this node was changed on its machine.', now);
    changed();
  });
  // One generic answer, always as late, whatever went wrong in the protocol; the node's own judgement may be named.
  const ended = (ceremonyId: string, refusal?: { readonly code: string; readonly message: string }): void => {
    pace.atBoundary(
      () => say({ t: 'note', note: { kind: 'ended', ceremonyId, ...(refusal ? { refusal: short(refusal) } : {}) } }),
      ABORT_ANSWER_DELAY_MS,
    );
  };
  // An operator has readmitted the peer since.
  clearNodeAlarms(({ code, subject }) => code === PAIR_BURNED && pairs.excluded(subject) === null);
  const shared = { identity, pairs, ceremonies, journal, sendBytes, pace, clock, log, alarm, changed, ended, random };
  const signing: CeremonyDriver = createCeremonyDriver({
    ...shared,
    ports,
    replay,
    witness,
    shares,
    isQuarantined,
    hasHeard,
    isFrozen,
    floor,
    signed: (ceremonyId, signature) => say({ t: 'note', note: { kind: 'signed', ceremonyId, signature } }),
  });
  const dkg = createDkgDriver({
    ...shared,
    replay,
    shares,
    made: (ceremonyId, made) => say({ t: 'note', note: { kind: 'keyMade', ceremonyId, certificate: { ...made } } }),
  });
  // Before there is an organisation every peer is as good as another: a set-up is with a key, and only keys in force use it.
  const isKnown = (shown: Hello['certificate']): boolean => {
    const peers = members();
    return peers.length === 0 || peers.some((peer) => isSameIdentity(peer, shown));
  };
  const pairing = createPairDriver({ ...shared, isKnown });

  const introduction = createIntroduction({
    node,
    k,
    n,
    identity,
    replay,
    pairs,
    journal,
    members,
    isQuarantined,
    frozen,
    isPairing: (key) => pairing.isRunning(key),
    counts: () => ({ ...ceremonies.counts(), ...counts, voidEntries: replay.voids() }),
    clock,
    asks,
  });
  const { status } = introduction;
  const hello = (challenge: string, now: number): FromNode => {
    log('info', 'Connected to the relay.', { clockOffsetMs: clock() - now });
    replay.forgetGaps();
    return { t: 'hello', ...introduction.hello(challenge) };
  };

  const branches = createBranches({ store, replay, alarms, ports, clock, log });
  const answer = createAnswers({
    introduction,
    replay,
    branches,
    watch,
    witness,
    releases,
    rollback,
    readmission,
    ceremonies,
    pairing,
    dkg,
    signing,
    isFrozen,
    hasHeard,
    changed,
  });

  // Once the old certificate is out of force nothing is lost by ending; the next start takes up the new identity.
  const lookForRenewal = (): void => {
    const left = replay.organisations().filter((orgId) => !replay.isInForce(orgId, certificate));
    if (left.length > 0 && isRenewed(left)) onFatal(new IdentityRenewedError(node));
  };

  const buckets = new Map<number, ReturnType<typeof createTokenBucket>>();
  const guarded = (work: () => void): void => {
    try {
      pace.arrived();
      work();
    } catch (error) {
      // Memory may be ahead of the disk now; only a restart makes them agree again.
      onFatal(error);
    }
  };

  const client = dialRelay({
    url: options.relayUrl,
    hello,
    log: (message, fields) => log('warn', message, fields),
    onOpen: (opened) => {
      send = opened;
      isTold = false;
    },
    onAsk: ({ id, method, params }) =>
      guarded(() => {
        // Not before the relay has let this node in.
        if (!isTold) for (const alarm of alarms.all()) tell(alarm, false);
        isTold = true;
        const outcome = answer(method, params);
        if (method === 'feed') lookForRenewal();
        if (outcome.ok) return say({ t: 'answer', id, ok: true, value: outcome.value });
        counts.refused += 1;
        const { code, message } = short(outcome.refusal);
        log('info', 'Refused.', { method, code, reason: message });
        say({ t: 'refusal', id, code, message });
      }),
    onEnvelope: (bytes) =>
      guarded(() => {
        const envelope = parseEnvelope(bytes);
        if (!envelope) {
          counts.malformed += 1;
          return;
        }
        const { from } = envelope.header;
        const bucket = buckets.get(from) ?? createTokenBucket(ENVELOPES);
        buckets.set(from, bucket);
        if (bucket.take(1, clock())) ceremonies.receive(envelope);
        else counts.overRate += 1;
      }),
    onClosed: () =>
      guarded(() => {
        send = null;
        ceremonies.abortAll('disconnected');
      }),
  });

  log('info', `Fingerprint of this node: ${nodeFingerprint(certificate.signingKey)}`, { node });
  for (const { genesis } of followed())
    log('info', `Genesis of ${genesis.orgId}: ${genesisFingerprint(genesisHash(genesis))}`, {});
  if (frozen().all || frozen().orgIds.length > 0)
    log('warn', 'This node is frozen on its machine: it releases nothing for these.', frozen());
  log('info', 'Signer node ready.', { node, k, n, organisations: replay.organisations().length });
  return {
    certificate: { ...certificate },
    status,
    close: () => {
      client.close();
      ceremonies.abortAll('closing');
      pairing.close();
      clearTimeout(statusTimer);
      freezeWatch.close();
      store.close();
    },
  };
};

/** Ends the process of a node whose renewed certificate came into force; nothing is wrong, and it is to be started again. */
export class IdentityRenewedError extends Error {
  override readonly name = 'IdentityRenewedError';
  constructor(node: number) {
    super(
      `The renewed certificate of node ${node} is in force. The node ends, to be started again with its new identity.`,
    );
  }
}
