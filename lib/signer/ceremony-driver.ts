import { bytesToHex } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { RequestBundle } from '@/lib/evidence/bundle';
import { heldPinId } from '@/lib/ledger/pins';
import type { PairState } from '@/lib/mpc/dkls23/pair-state';
import {
  type Accept,
  acceptHash,
  bundleHash,
  commonPairEpoch,
  type SignedAccept,
  signingCeremonyId,
} from '@/lib/transport/accept';
import { agreeing, peersOf } from './acceptances';
import type { AcceptedCeremony, PeerCounter } from './journal';
import { createJudgement, type JudgementDeps } from './judgement';
import { runSigning, type SigningRunDeps } from './signing-run';

export type CeremonyDriverDeps = Omit<SigningRunDeps, 'judgement'> & Omit<JudgementDeps, 'me'>;

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
const PENDING_MS = 30_000;
const MAX_PENDING = 256;

export const createCeremonyDriver = (deps: CeremonyDriverDeps): CeremonyDriver => {
  const { identity, replay, journal, pairs, clock } = deps;
  const me = identity.certificate.node;
  const judgement = createJudgement({ ...deps, me });
  const pending = new Map<string, Pending>();

  const accept: CeremonyDriver['accept'] = (bundle) => {
    const now = clock();
    for (const [hash, { until, ceremony }] of pending) {
      if (until >= now) continue;
      pending.delete(hash);
      journal.abort(ceremony.nonce, 'timeout');
    }
    if (pending.size >= MAX_PENDING) return refused(503, 'signer.busy', 'Too many requests wait at this node.');
    const judged = judgement.judge(bundle);
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
    const pinned = judgement.judgePin(ceremony, following);
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

    const accepted_ = agreeing(accepts, own, peers);
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
        'signer.fork',
      );
      return stop('signer.ledger_fork', `Node ${fork.accept.node} follows another ledger.`);
    }
    const states = new Map<number, PairState>();
    const counters: PeerCounter[] = [];
    // What was seen is remembered also when nothing comes of it.
    const noteCounters = (): void => {
      for (const { key, counter, signed } of counters) journal.seeCounter(key, counter, signed);
    };
    for (const peer of peers) {
      const signed = accepted_.find(({ accept }) => accept.node === peer.node);
      const theirs = signed?.accept;
      const epoch = theirs ? commonPairEpoch(own, theirs) : null;
      const state = epoch === null ? null : pairs.get(peer.signingKey, epoch);
      if (!theirs || !state) {
        noteCounters();
        return stop('signer.pair_missing', `There is no common pair set-up with node ${peer.node}.`);
      }
      counters.push({ node: peer.node, key: peer.signingKey, counter: theirs.counter, signed });
      states.set(peer.node, state);
    }
    const ceremonyId = signingCeremonyId(hash, [own, ...accepted_.map(({ accept }) => accept)]);
    const judged = judgement.judge(bundle);
    if (!judged.ok) {
      noteCounters();
      return stop(judged.refusal.code, judged.refusal.message);
    }
    const started = journal.begin(ceremony.nonce, ceremonyId, counters);
    if (!started.ok) return stop(started.refusal.code, started.refusal.message);
    return runSigning({ bundle, ceremony, ceremonyId, judged: judged.value, peers, states }, { ...deps, judgement });
  };

  return { accept, begin };
};
