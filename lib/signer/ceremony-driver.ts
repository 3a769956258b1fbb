import { bytesToHex, hashParts, hexToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';
import type { RequestBundle } from '@/lib/evidence/bundle';
import { checkBundle } from '@/lib/evidence/check-bundle';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { heldPinId } from '@/lib/ledger/pins';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { find } from '@/lib/ledger/state';
import type { KeyShare } from '@/lib/mpc/dkls23/key-share';
import type { PairState } from '@/lib/mpc/dkls23/pair-state';
import { createSigning } from '@/lib/mpc/dkls23/sign';
import type { RandomSource, Step } from '@/lib/mpc/protocol';
import {
  type Accept,
  acceptHash,
  bundleHash,
  commonPairEpoch,
  type SignedAccept,
  signingCeremonyId,
} from '@/lib/transport/accept';
import { verifyEd25519 } from '@/lib/transport/keys';
import { type Ceremonies, createSession } from './ceremonies';
import type { Identity } from './identity';
import type { AcceptedCeremony, Journal, PeerCounter } from './journal';
import { type AbortDeps, settleAbort } from './outcome-of-abort';
import type { PairPeer, Pairs } from './pairs';
import type { Following, ReplayDriver } from './replay-driver';
import type { Shares } from './shares';
import type { Witness } from './witness';

export type CeremonyDriverDeps = AbortDeps & {
  readonly identity: Identity;
  readonly ports: LedgerPorts;
  readonly replay: ReplayDriver;
  readonly witness: Witness;
  readonly journal: Journal;
  readonly pairs: Pairs;
  readonly shares: Shares;
  readonly ceremonies: Ceremonies;
  readonly sendBytes: (bytes: Uint8Array) => void;
  readonly clock: () => number;
  readonly random: RandomSource;
  readonly isQuarantined: () => boolean;
  readonly signed: (ceremonyId: string, signature: EcdsaSignature) => void;
  readonly ended: (ceremonyId: string, refusal?: { readonly code: string; readonly message: string }) => void;
};

/** Signs together with others, after judging the request on this node's own replay, and again before the last message. */
export type CeremonyDriver = {
  accept(bundle: RequestBundle): Outcome<SignedAccept>;
  begin(hash: string, accepts: readonly SignedAccept[]): Outcome<{ readonly ceremonyId: string }>;
};

type Pending = {
  readonly bundle: RequestBundle;
  readonly accept: Accept;
  readonly ceremony: AcceptedCeremony;
  readonly until: number;
};
type Judged = {
  readonly keyId: string;
  readonly digest: string;
  readonly pin: Pin;
  readonly following: Following;
  readonly share: KeyShare;
};

const PENDING_MS = 30_000;
const MAX_PENDING = 256;
/** Below the coordinator's own timeout: what it gives up is over at the nodes by then. */
const TTL_MS = 9_000;

export const createCeremonyDriver = (deps: CeremonyDriverDeps): CeremonyDriver => {
  const { identity, ports, replay, witness, journal, pairs, shares, ceremonies, clock } = deps;
  const me = identity.certificate.node;
  const pending = new Map<string, Pending>();

  /**
   * The whole judgement, at this moment, on this node's head.
   * INVARIANT: synchronous up to the journal write that follows it, so no checkpoint, promise, burn or entry can come between.
   */
  const judge = (bundle: RequestBundle): Outcome<Judged> => {
    if (deps.isQuarantined())
      return refused(
        409,
        'signer.quarantined',
        "This node's store is older than its peers remember; an operator has to decide.",
      );
    const following = replay.find(bundle.orgId);
    if (!following.ok) return following;
    const { genesis, replica } = following.value;
    const { participants } = bundle;
    const isQuorum =
      participants.length === genesis.k &&
      participants.includes(me) &&
      participants.every(
        (node, i) =>
          genesis.nodes.some((other) => other.node === node) && (i === 0 || node > (participants[i - 1] ?? node)),
      );
    if (!isQuorum)
      return refused(
        409,
        'signer.participants',
        'The participants are not exactly k different nodes with this one among them.',
      );
    if (witness.hasPromised(bundle.orgId, bundle.activityId))
      return refused(409, 'signer.promised', 'This node has promised never to release this activity.');
    const place = { now: clock(), freshSignedCheckpoints: witness.freshCheckpoints(bundle.orgId) };
    const verdict = checkBundle(replica, bundle, ports, place);
    if (!verdict.ok) return verdict;
    const { keyId, digest, pin } = verdict.value;
    const share = shareOf(following.value, bundle.orgId, keyId);
    if (!share) return refused(409, 'signer.no_share', 'This node holds no share of the key.');
    return accepted({ keyId, digest, pin, following: following.value, share });
  };

  const shareOf = ({ replica }: Following, orgId: string, keyId: string): KeyShare | null => {
    const key = find(replica.state, 'key', keyId);
    const certificate = key?.certificate as { readonly transcriptHash?: unknown } | undefined;
    if (key?.status !== 'Active' || typeof certificate?.transcriptHash !== 'string') return null;
    const share = shares.get(orgId, keyId, certificate.transcriptHash);
    return share && bytesToHex(share.publicKey) === key.publicKey ? share : null;
  };

  /** The pin rule of what this node released itself; windows and holders come from replay, the journal is a floor. */
  const judgePin = (ceremony: AcceptedCeremony, following: Following): Outcome<null> => {
    const activity = (id: string) => find(following.replica.state, 'activity', id);
    return journal.judgeRelease(
      ceremony,
      (other) => activity(other)?.status === 'Abandoned' || activity(ceremony.activityId)?.cancels === other,
    );
  };

  const accept: CeremonyDriver['accept'] = (bundle) => {
    const now = clock();
    for (const [hash, { until, ceremony }] of pending) {
      if (until >= now) continue;
      pending.delete(hash);
      journal.abort(ceremony.nonce, 'timeout');
    }
    if (pending.size >= MAX_PENDING) return refused(503, 'signer.busy', 'Too many requests wait at this node.');
    const judged = judge(bundle);
    if (!judged.ok) return judged;
    const { following, digest, pin } = judged.value;
    const peers = peersOf(bundle, following, me);
    const unready = peers.find((peer) => pairs.ready(peer.signingKey).length === 0);
    if (unready) return refused(409, 'signer.pair_missing', `There is no pair set-up with node ${unready.node}.`);
    const head = following.replica.head;
    if (head === null)
      return refused(409, 'signer.unknown_organisation', 'This node does not follow the organisation.');

    const hash = bundleHash(bundle);
    const ceremony = {
      nonce: bytesToHex(deps.random(32)),
      orgId: bundle.orgId,
      activityId: bundle.activityId,
      bundleHash: hash,
      digest,
      pin: heldPinId(bundle.activityId, pin),
    };
    const pinned = judgePin(ceremony, following);
    if (!pinned.ok) return pinned;
    const earlier = pending.get(hash);
    if (earlier) journal.abort(earlier.ceremony.nonce, 'asked again');
    const { counter } = journal.accept(ceremony);
    const accept: Accept = {
      v: 1,
      node: me,
      bundleHash: hash,
      digest,
      nonce: ceremony.nonce,
      head: { seq: head.seq, hash: head.hash },
      counter,
      pairs: Object.fromEntries(peers.map((peer) => [String(peer.node), [...pairs.ready(peer.signingKey)]])),
    };
    pending.set(hash, { bundle, accept, ceremony, until: now + PENDING_MS });
    return accepted({ accept, signature: identity.sign(acceptHash(accept)) });
  };

  const begin: CeremonyDriver['begin'] = (hash, accepts) => {
    const found = pending.get(hash);
    if (!found || found.until < clock())
      return refused(409, 'signer.not_accepted', 'This node has not accepted that request.');
    pending.delete(hash);
    const { bundle, accept: own, ceremony } = found;
    const stop = (code: string, message: string) => {
      journal.abort(ceremony.nonce, code);
      return refused(409, code, message);
    };
    const following = replay.find(bundle.orgId);
    if (!following.ok) return stop(following.refusal.code, following.refusal.message);
    const peers = peersOf(bundle, following.value, me);

    const accepted_ = agreeing(accepts, found, peers);
    if (!accepted_)
      return stop('signer.accepts', 'The acceptances shown are not those of all participants over one request.');
    const fork = accepted_.find(({ accept }) => {
      const mine = replay.hashAt(bundle.orgId, accept.head.seq);
      return mine !== null && mine !== accept.head.hash;
    });
    if (fork) {
      replay.stop(
        bundle.orgId,
        `node ${fork.accept.node} holds another entry ${fork.accept.head.seq}`,
        Buffer.from(JSON.stringify(fork)),
      );
      return stop('signer.ledger_fork', `Node ${fork.accept.node} follows another ledger.`);
    }
    const states = new Map<number, PairState>();
    const counters: PeerCounter[] = [];
    // What was seen is remembered also when nothing comes of it.
    const noteCounters = (): void => {
      for (const { key, counter } of counters) journal.seeCounter(key, counter);
    };
    for (const peer of peers) {
      const theirs = accepted_.find(({ accept }) => accept.node === peer.node)?.accept;
      const epoch = theirs ? commonPairEpoch(own, theirs) : null;
      const state = epoch === null ? null : pairs.get(peer.signingKey, epoch);
      if (!theirs || !state) {
        noteCounters();
        return stop('signer.pair_missing', `There is no common pair set-up with node ${peer.node}.`);
      }
      counters.push({ node: peer.node, key: peer.signingKey, counter: theirs.counter });
      states.set(peer.node, state);
    }
    const ceremonyId = signingCeremonyId(hash, [own, ...accepted_.map(({ accept }) => accept)]);
    const judged = judge(bundle);
    if (!judged.ok) {
      noteCounters();
      return stop(judged.refusal.code, judged.refusal.message);
    }
    const started = journal.begin(ceremony.nonce, ceremonyId, counters);
    if (!started.ok) return stop(started.refusal.code, started.refusal.message);
    return run(found, ceremonyId, judged.value, peers, states);
  };

  const run = (
    found: Pending,
    ceremonyId: string,
    judged: Judged,
    peers: readonly NodeCertificate[],
    states: ReadonlyMap<number, PairState>,
  ) => {
    const { bundle, ceremony } = found;
    const { nonce } = ceremony;
    const protocol = createSigning({
      share: judged.share,
      pairs: states,
      digest: hexToBytes(judged.digest),
      participants: bundle.participants,
      ceremonyId: hexToBytes(ceremonyId),
      random: deps.random,
    });
    const session = createSession({
      kind: 'sign',
      ceremonyId,
      sid: bytesToHex(
        hashParts('countersign/sign-session/1', ceremonyId, judged.keyId, judged.digest, bundle.participants.join(',')),
      ),
      me: identity.secret,
      sendBytes: deps.sendBytes,
      clock,
      peers: new Map(peers.map((peer) => [peer.node, { ...peer, pairEpoch: states.get(peer.node)?.pairEpoch ?? 0 }])),
    });
    const peerOf = new Map<number, PairPeer>(
      peers.map((peer) => [peer.node, { node: peer.node, key: peer.signingKey }]),
    );
    let isOver = false;
    let inRound2 = false;

    const stop = (reason: string, refusal?: { readonly code: string; readonly message: string }): void => {
      isOver = true;
      ceremonies.remove(ceremonyId);
      journal.abort(nonce, reason);
      deps.ended(ceremonyId, refusal);
    };

    /** Right before the last message: the same judgement again, then RELEASED on the disk, then nothing holds it back. */
    const release = (): void => {
      const again = judge(bundle);
      if (!again.ok) {
        stop(again.refusal.code, again.refusal);
        return;
      }
      const pinned = judgePin(ceremony, again.value.following);
      if (!pinned.ok) {
        stop(pinned.refusal.code, pinned.refusal);
        return;
      }
      if (again.value.digest !== ceremony.digest || heldPinId(bundle.activityId, again.value.pin) !== ceremony.pin) {
        stop('signer.changed', {
          code: 'signer.changed',
          message: 'The request is no longer what was accepted.',
        });
        return;
      }
      const burned = peers.find((peer) => pairs.excluded(peer.signingKey) !== null);
      if (burned) {
        stop('burn');
        return;
      }
      const cancels = find(again.value.following.replica.state, 'activity', bundle.activityId)?.cancels;
      journal.release(nonce, cancels === undefined ? undefined : { orgId: bundle.orgId, activityId: cancels });
      follow(protocol.release());
    };

    const follow = (step: Step<EcdsaSignature>): void => {
      if (isOver) return;
      switch (step.status) {
        case 'running':
        case 'ready':
          if (!inRound2 && step.out.some(({ round }) => round === 2)) {
            inRound2 = true;
            journal.advance(nonce, 'R2');
          }
          session.send(step.out);
          if (step.status === 'ready') release();
          return;
        case 'done':
          isOver = true;
          ceremonies.remove(ceremonyId);
          session.send(step.out);
          journal.advance(
            nonce,
            'DONE',
            bytesToHex(hashParts('countersign/signature/1', step.result.r, step.result.s)),
          );
          deps.signed(ceremonyId, step.result);
          return;
        case 'aborted':
          isOver = true;
          ceremonies.remove(ceremonyId);
          settleAbort(step.abort, session, peerOf, deps);
          journal.abort(nonce, step.abort.class);
          deps.ended(ceremonyId);
          return;
      }
    };

    const added = ceremonies.add(
      {
        ceremonyId,
        pairKeys: peers.map((peer) => peer.signingKey),
        receive: (message) => follow(protocol.receive(message)),
        abort: stop,
      },
      session,
      TTL_MS,
    );
    if (!added) {
      journal.abort(nonce, 'busy');
      return refused(503, 'signer.busy', 'Too many ceremonies run at this node.');
    }
    queueMicrotask(() => follow(protocol.start()));
    return accepted({ ceremonyId });
  };

  return { accept, begin };
};

const peersOf = (bundle: RequestBundle, following: Following, me: number): readonly NodeCertificate[] =>
  following.genesis.nodes.filter((node) => node.node !== me && bundle.participants.includes(node.node));

/** The peers' acceptances if they and this node's own are exactly one per participant, over one bundle and digest, each signed; else null. */
const agreeing = (
  accepts: readonly SignedAccept[],
  own: Pending,
  peers: readonly NodeCertificate[],
): readonly SignedAccept[] | null => {
  if (accepts.length !== peers.length + 1) return null;
  const mine = accepts.find(({ accept }) => accept.node === own.accept.node);
  if (mine?.accept.nonce !== own.accept.nonce) return null;
  const others = peers.flatMap((peer) => {
    const found = accepts.find(({ accept }) => accept.node === peer.node);
    const holds =
      found !== undefined &&
      found.accept.bundleHash === own.accept.bundleHash &&
      found.accept.digest === own.accept.digest &&
      verifyEd25519(peer.signingKey, acceptHash(found.accept), found.signature);
    return holds ? [found] : [];
  });
  return others.length === peers.length ? others : null;
};
