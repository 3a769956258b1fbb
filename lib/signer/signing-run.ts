import { bytesToHex, hashParts, hexToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { EcdsaSignature } from '@/lib/domain/signing';
import type { RequestBundle } from '@/lib/evidence/bundle';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { heldPinId } from '@/lib/ledger/pins';
import { find } from '@/lib/ledger/state';
import type { PairState } from '@/lib/mpc/dkls23/pair-state';
import { createSigning } from '@/lib/mpc/dkls23/sign';
import type { RandomSource, Step } from '@/lib/mpc/protocol';
import type { AnswerPace } from './answer-pace';
import { type Ceremonies, createSession } from './ceremonies';
import type { Identity } from './identity';
import type { AcceptedCeremony, Journal } from './journal';
import type { Judged, Judgement } from './judgement';
import { type AbortDeps, settleAbort } from './outcome-of-abort';
import type { PairPeer, Pairs } from './pairs';

export type SigningRunDeps = AbortDeps & {
  readonly identity: Identity;
  readonly journal: Journal;
  readonly pairs: Pairs;
  readonly ceremonies: Ceremonies;
  readonly judgement: Judgement;
  readonly pace: AnswerPace;
  readonly sendBytes: (bytes: Uint8Array) => void;
  readonly clock: () => number;
  readonly random: RandomSource;
  readonly signed: (ceremonyId: string, signature: EcdsaSignature) => void;
  readonly ended: (ceremonyId: string, refusal?: { readonly code: string; readonly message: string }) => void;
};

/** One ceremony: what was accepted, how it was judged when it began, and the pair set-up with each peer. */
export type SigningRun = {
  readonly bundle: RequestBundle;
  readonly ceremony: AcceptedCeremony;
  readonly ceremonyId: string;
  readonly judged: Judged;
  readonly peers: readonly NodeCertificate[];
  readonly states: ReadonlyMap<number, PairState>;
};

/** Below the coordinator's own timeout: what it gives up is over at the nodes by then. */
const TTL_MS = 9_000;

/**
 * Runs a ceremony that was accepted and begun: the protocol over its sealed channels, each state on the disk before the message of
 * that state leaves, and the whole judgement again before the last one.
 */
export const runSigning = (input: SigningRun, deps: SigningRunDeps): Outcome<{ readonly ceremonyId: string }> => {
  const { bundle, ceremony, ceremonyId, judged, peers, states } = input;
  const { identity, pairs, journal, ceremonies, clock, pace, judgement } = deps;
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
    pace,
    clock,
    peers: new Map(peers.map((peer) => [peer.node, { ...peer, pairEpoch: states.get(peer.node)?.pairEpoch ?? 0 }])),
  });
  const peerOf = new Map<number, PairPeer>(peers.map((peer) => [peer.node, { node: peer.node, key: peer.signingKey }]));
  let isOver = false;
  let inRound2 = false;

  const stop = (reason: string, refusal?: { readonly code: string; readonly message: string }): void => {
    isOver = true;
    session.silence();
    ceremonies.remove(ceremonyId);
    journal.abort(nonce, reason);
    deps.ended(ceremonyId, refusal);
  };

  /**
   * Right before the last message, which is computed by now: the same judgement again, then RELEASED on the disk, then it leaves at
   * once, so that nothing this node signs can come between.
   */
  const release = (): void => {
    if (isOver) return;
    const again = judgement.judge(bundle);
    if (!again.ok) {
      stop(again.refusal.code, again.refusal);
      return;
    }
    const pinned = judgement.judgePin(ceremony, again.value.following);
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
    follow(protocol.release(), session.sendNow);
  };

  const follow = (step: Step<EcdsaSignature>, send = session.send): void => {
    if (isOver) return;
    switch (step.status) {
      case 'running':
      case 'ready':
        if (!inRound2 && step.out.some(({ round }) => round === 2)) {
          inRound2 = true;
          journal.advance(nonce, 'R2');
        }
        send(step.out);
        if (step.status === 'ready') pace.atBoundary(release);
        return;
      case 'done':
        isOver = true;
        ceremonies.remove(ceremonyId);
        send(step.out);
        journal.advance(nonce, 'DONE', bytesToHex(hashParts('countersign/signature/1', step.result.r, step.result.s)));
        deps.signed(ceremonyId, step.result);
        return;
      case 'aborted':
        isOver = true;
        session.silence();
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
