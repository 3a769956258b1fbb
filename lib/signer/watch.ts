import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import {
  type HeadDifferences,
  headsWith,
  heartbeatHash,
  heartbeatRoot,
  type OrgHead,
  type SignedHead,
  type SignedHeartbeat,
  signedHeadOf,
} from '@/lib/ledger/heartbeat';
import { certificatesInForce } from '@/lib/ledger/nodes';
import { rootAt } from '@/lib/ledger/replay';
import { verifyEd25519 } from '@/lib/transport/keys';
import type { ReplayDriver } from './replay-driver';
import type { Store } from './store';
import { CHECKPOINT_FRESH_MS, MAX_CLOCK_DIFFERENCE_MS } from './witness';

export type WatchDeps = {
  /** This node's number. */
  readonly me: number;
  readonly store: Store;
  readonly replay: ReplayDriver;
  readonly clock: () => number;
  readonly sign: (hash: Uint8Array) => string;
};

/** What a node signed over the heads it was shown, but for the differences. */
export type HeartbeatAnswer = HeadDifferences & { readonly root: string; readonly signature: string };

/** Signs heartbeats and holds what other nodes signed against this node's own ledgers: the first fork stops the ledger. */
export type Watch = {
  signHeartbeat(at: number, heads: readonly OrgHead[]): Outcome<HeartbeatAnswer>;
  /** Heartbeats of peers, as the coordinator passes them on. Those under a key that is not in force are ignored. */
  hear(beats: readonly SignedHeartbeat[]): void;
  /** Compares what peers have signed beyond this node's head, once it has got further. */
  compare(orgId: string): void;
  /** Whether, of the last heartbeats heard, those of `peers` others or more agree with this node on every ledger they name, and none is ahead. */
  isCaughtUp(peers: number): boolean;
  /** Whether k nodes, this one among them, signed at most 30 s ago that they hold the ledger up to `seq` or further, as this one does. */
  covers(orgId: string, seq: number): boolean;
};

const MOST_DIFFERENCES = 300;

export const createWatch = ({ me, store, replay, clock, sign }: WatchDeps): Watch => {
  /** Signed heads of peers beyond this node's own, by organisation and node. */
  const ahead = new Map<string, Map<number, SignedHead>>();
  let own: { readonly at: number; readonly signedAt: number; readonly seqs: ReadonlyMap<string, number> } | null = null;
  /** Peers whose heartbeat of the round `own` was seen and agrees, with how far each holds the ledger. */
  const agreeing = new Map<string, Map<number, number>>();

  /** The last round heard: organisations with the peers that agree, and whether anybody was ahead. */
  let round: { readonly heardAt: number; readonly agreeing: Map<string, Set<number>>; isAhead: boolean } | null = null;

  const signHeartbeat: Watch['signHeartbeat'] = (at, heads) => {
    const now = clock();
    if (Math.abs(at - now) > MAX_CLOCK_DIFFERENCE_MS)
      return refused(
        409,
        'signer.heartbeat_clock',
        `The heartbeat's time is ${Math.round((at - now) / 1000)} s away from this node's clock.`,
      );
    const last = Number(store.get("SELECT value FROM setting WHERE name = 'heartbeatAt'")?.value ?? 0);
    if (at <= last)
      return refused(409, 'signer.heartbeat_earlier', "The heartbeat's time is not after that of the last one signed.");
    if (heartbeatRoot(heads) === null)
      return refused(400, 'signer.malformed', 'The heads of the heartbeat are not in order.');
    const instead: OrgHead[] = [];
    const without: string[] = [];
    for (const shown of heads) {
      const held = headLike(shown);
      if (held === null) without.push(shown.orgId);
      else if (held !== shown) instead.push(held);
    }
    if (instead.length + without.length > MOST_DIFFERENCES)
      return refused(409, 'signer.heartbeat_behind', 'This node holds too few of the ledgers.');
    const mine = headsWith(heads, { instead, without });
    const root = heartbeatRoot(mine) ?? '';
    store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('heartbeatAt', ?)", String(at));
    own = { at, signedAt: now, seqs: new Map(mine.map(({ orgId, seq }) => [orgId, seq])) };
    agreeing.clear();
    return accepted({ root, signature: sign(heartbeatHash({ at, root })), without, instead });
  };

  /** The head as shown where this node holds it so, else the place where it stands itself; null of a ledger it does not follow. */
  const headLike = (shown: OrgHead): OrgHead | null => {
    const following = replay.find(shown.orgId);
    const head = replay.head(shown.orgId);
    if (!following.ok || !head) return null;
    const { replica } = following.value;
    if (rootAt(replica, shown.seq) === shown.root) return shown;
    const seq = Math.min(head.seq, shown.seq);
    return { orgId: shown.orgId, seq, root: rootAt(replica, seq) ?? '' };
  };

  /** The key in force of a node of an organisation, or null. */
  const keyOf = (orgId: string, node: number): string | null => {
    const following = replay.find(orgId);
    if (!following.ok) return null;
    const peers = certificatesInForce(following.value.replica.state);
    return peers.find((peer) => peer.node === node)?.signingKey ?? null;
  };

  const fork = (signed: SignedHead, other: object, key: string): void => {
    const { orgId, seq } = signed.head;
    const evidence = { signed, signingKey: key, other };
    replay.stop(
      orgId,
      `node ${signed.node} signed another history up to entry ${seq}`,
      Buffer.from(JSON.stringify(evidence)),
      'signer.fork',
    );
    ahead.delete(orgId);
    agreeing.delete(orgId);
  };

  const take = (beat: SignedHeartbeat, { orgId, seq, root }: OrgHead, key: string): void => {
    const following = replay.find(orgId);
    if (!following.ok) return;
    const mine = rootAt(following.value.replica, seq);
    if (mine === root) {
      round?.agreeing.set(orgId, (round.agreeing.get(orgId) ?? new Set<number>()).add(beat.node));
      if (beat.at === own?.at)
        agreeing.set(orgId, (agreeing.get(orgId) ?? new Map<number, number>()).set(beat.node, seq));
      return;
    }
    if (mine === null && round) round.isAhead = true;
    const signed = signedHeadOf(beat, orgId);
    if (!signed) return;
    const ofOrg = ahead.get(orgId) ?? new Map<number, SignedHead>();
    const before = ofOrg.get(beat.node);
    if (mine !== null) fork(signed, { node: me, seq, root: mine }, key);
    else if (before?.head.seq === seq && before.head.root !== root) fork(signed, before, key);
    else ahead.set(orgId, ofOrg.set(beat.node, signed));
  };

  return {
    signHeartbeat,
    hear: (beats) => {
      round = { heardAt: clock(), agreeing: new Map(), isAhead: false };
      for (const beat of beats) {
        if (beat.node === me || heartbeatRoot(beat.heads) !== beat.root) continue;
        const hash = heartbeatHash(beat);
        const verified = new Map<string, boolean>();
        for (const head of beat.heads) {
          const key = keyOf(head.orgId, beat.node);
          if (key === null) continue;
          const isSigned = verified.get(key) ?? verifyEd25519(key, hash, beat.signature);
          verified.set(key, isSigned);
          if (isSigned) take(beat, head, key);
        }
      }
    },
    compare: (orgId) => {
      const following = replay.find(orgId);
      const ofOrg = ahead.get(orgId);
      if (!following.ok || !ofOrg) return;
      for (const [node, signed] of ofOrg) {
        const mine = rootAt(following.value.replica, signed.head.seq);
        if (mine === null) continue;
        ofOrg.delete(node);
        if (mine === signed.head.root) continue;
        fork(signed, { node: me, seq: signed.head.seq, root: mine }, keyOf(orgId, node) ?? '');
        return;
      }
    },
    isCaughtUp: (peers) => {
      if (!round || round.isAhead || clock() - round.heardAt > CHECKPOINT_FRESH_MS) return false;
      const counts = replay
        .organisations()
        .filter((orgId) => replay.find(orgId).ok)
        .map((orgId) => round?.agreeing.get(orgId)?.size ?? 0);
      return counts.length > 0 && counts.every((count) => count >= peers) && replay.stopped().length === 0;
    },
    covers: (orgId, seq) => {
      const following = replay.find(orgId);
      if (!own || !following.ok || clock() - own.signedAt > CHECKPOINT_FRESH_MS) return false;
      if ((own.seqs.get(orgId) ?? -1) < seq) return false;
      const peers = [...(agreeing.get(orgId) ?? new Map<number, number>()).values()].filter((held) => held >= seq);
      return peers.length + 1 >= following.value.genesis.k;
    },
  };
};
