import type { NodeCertificate } from '@/lib/ledger/genesis';
import { BACKEND, SPEC_VERSION } from '@/lib/mpc/dkls23/parameters';
import { type Hello, helloHash, type NodeStatus } from '@/lib/transport/messages';
import type { Identity } from './identity';
import type { Journal } from './journal';
import type { LocalFreeze } from './local-freeze';
import type { Pairs } from './pairs';
import type { ReplayDriver } from './replay-driver';

export type IntroductionDeps = {
  readonly node: number;
  readonly k: number;
  readonly n: number;
  readonly identity: Identity;
  readonly replay: ReplayDriver;
  readonly pairs: Pairs;
  readonly journal: Journal;
  /** Nodes in force of the organisations this node signs for. */
  readonly members: () => readonly NodeCertificate[];
  readonly isQuarantined: () => boolean;
  readonly frozen: () => LocalFreeze;
  /** Whether a set-up runs with the peer of this key. */
  readonly isPairing: (key: string) => boolean;
  readonly counts: () => NodeStatus['counts'];
  readonly clock: () => number;
  /** Random, 32 bytes in hex, of this process. */
  readonly asks: string;
};

/** What the node says of itself: its state at any time, and, signed, whenever it connects. */
export type Introduction = { status(): NodeStatus; hello(challenge: string): Signed };
type Signed = { readonly hello: Hello; readonly signature: string };

const MAX_HEADS_IN_HELLO = 200;

export const createIntroduction = (deps: IntroductionDeps): Introduction => {
  const { node, k, n, identity, replay, pairs, journal, members, isQuarantined, isPairing, counts, clock } = deps;

  const status = (): NodeStatus => ({
    selfTest: true,
    quarantined: isQuarantined(),
    backend: BACKEND,
    specVersion: SPEC_VERSION,
    unaudited: true,
    pairs: pairs
      .peers()
      .filter(({ node: peer, key }) => isCurrent(peer, key))
      .map(({ node: peer, key }) => {
        const epochs = [...pairs.ready(key)];
        const excluded = pairs.excluded(key);
        const state = excluded ?? (epochs.length > 0 ? 'ready' : isPairing(key) ? 'running' : 'missing');
        return { peer, key, state, epochs, highest: pairs.highest(key) };
      }),
    stopped: replay
      .stopped()
      .slice(0, 100)
      .map(({ orgId, reason }) => ({ orgId, reason: reason.slice(0, 300) })),
    frozen: { all: deps.frozen().all, orgIds: deps.frozen().orgIds.slice(0, 100) },
    counts: counts(),
  });
  /** A number may have been held by other keys before; only the keys in force are shown. */
  const isCurrent = (peer: number, key: string): boolean => {
    const known = members();
    return known.length === 0 || known.some((other) => other.node === peer && other.signingKey === key);
  };

  const hello = (challenge: string): Signed => {
    const heads = replay
      .organisations()
      .slice(0, MAX_HEADS_IN_HELLO)
      .flatMap((orgId) => {
        const head = replay.head(orgId);
        return head ? [[orgId, { seq: head.seq, hash: head.hash }]] : [];
      });
    const said: Hello = {
      v: 1,
      node,
      certificate: { ...identity.certificate },
      k,
      n,
      heads: Object.fromEntries(heads),
      clock: clock(),
      counter: journal.counter(),
      acceptances: journal.acceptances(),
      asks: deps.asks,
      counters: Object.fromEntries(pairs.peers().map((peer) => [peer.key, journal.highestSeen(peer.key)])),
      status: status(),
    };
    return { hello: said, signature: identity.sign(helloHash(challenge, said)) };
  };

  return { status, hello };
};
