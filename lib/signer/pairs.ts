import { decodePairState, encodePairState, erasePairState, type PairState } from '@/lib/mpc/dkls23/pair-state';
import { type KeyWrapper, openRecord, type RecordFields, sealRecord } from './sealed-records';
import type { Store } from './store';

/** A peer of pair set-ups: its number, and its Ed25519 key, which is what the set-up is really with. */
export type PairPeer = { readonly node: number; readonly key: string };
export type Exclusion = 'burned' | 'quarantined';

/** The pair set-ups of a node: sealed on disk, opened in memory, and burned durably before anything else happens. */
export type Pairs = {
  /** Epochs of READY set-ups with the peer, highest first; empty when the peer is excluded. */
  ready(key: string): readonly number[];
  get(key: string, epoch: number): PairState | null;
  /** Starts a set-up: raises the high-water mark. @returns false unless the epoch is above it. */
  begin(peer: PairPeer, epoch: number): boolean;
  highest(key: string): number;
  /** Seals a finished set-up: READY. Keeps the newest two of a peer. */
  save(peer: PairPeer, state: PairState): void;
  /** BURN, first half: commits BURNED with its evidence and erases the set-ups with the peer, on disk and in memory. */
  burn(peer: PairPeer, evidence: readonly Uint8Array[]): void;
  /** Notes an abort that can't be attributed; the third within a day excludes the peer until an operator decides. */
  suspect(peer: PairPeer, evidence: readonly Uint8Array[]): void;
  excluded(key: string): Exclusion | null;
  /** Every peer a set-up was ever started with. */
  peers(): readonly PairPeer[];
};

const KEPT = 2;
const DAY_MS = 86_400_000;
const SUSPICIONS_A_DAY = 3;

export const createPairs = (deps: { store: Store; wrapper: KeyWrapper; node: number; clock: () => number }): Pairs => {
  const { store, wrapper, node, clock } = deps;
  const opened = new Map<string, PairState>();
  const place = (key: string, epoch: number): string => `${key}:${epoch}`;
  const fieldsOf = (peer: PairPeer, epoch: number): RecordFields => ({
    kind: 'pair',
    node,
    peer: peer.node,
    key: peer.key,
    epoch,
  });

  const excluded = (key: string): Exclusion | null =>
    (store.get('SELECT excluded FROM pair_peer WHERE key = ?', key)?.excluded as Exclusion | null | undefined) ?? null;
  const highest = (key: string): number =>
    Number(store.get('SELECT highest FROM pair_peer WHERE key = ?', key)?.highest ?? 0);
  const know = (peer: PairPeer): void => {
    store.run('INSERT OR IGNORE INTO pair_peer (key, peer) VALUES (?, ?)', peer.key, peer.node);
  };
  const forget = (key: string, epoch: number): void => {
    const state = opened.get(place(key, epoch));
    if (state) erasePairState(state);
    opened.delete(place(key, epoch));
  };
  const keep = (kind: string, peer: PairPeer, evidence: readonly Uint8Array[]): void => {
    for (const content of evidence) {
      store.run(
        'INSERT INTO evidence (kind, subject, at, content) VALUES (?, ?, ?, ?)',
        kind,
        peer.key,
        clock(),
        content,
      );
    }
  };

  return {
    excluded,
    highest,
    ready: (key) =>
      excluded(key) === null
        ? store
            .all("SELECT epoch FROM pair WHERE key = ? AND state = 'READY' ORDER BY epoch DESC", key)
            .map((row) => Number(row.epoch))
        : [],
    get: (key, epoch) => {
      if (excluded(key) !== null) return null;
      const known = opened.get(place(key, epoch));
      if (known) return known;
      const row = store.get(
        "SELECT peer, fields, sealed FROM pair WHERE key = ? AND epoch = ? AND state = 'READY'",
        key,
        epoch,
      );
      if (!row) return null;
      const secret = openRecord(row.sealed as Uint8Array, fieldsOf({ node: Number(row.peer), key }, epoch), wrapper);
      const state = decodePairState(secret);
      secret.fill(0);
      opened.set(place(key, epoch), state);
      return state;
    },
    begin: (peer, epoch) =>
      store.transaction(() => {
        know(peer);
        return (
          store.run('UPDATE pair_peer SET highest = ? WHERE key = ? AND highest < ?', epoch, peer.key, epoch) === 1
        );
      }),
    save: (peer, state) => {
      const fields = fieldsOf(peer, state.pairEpoch);
      const secret = encodePairState(state);
      const sealed = sealRecord(secret, fields, wrapper);
      secret.fill(0);
      const old = store.transaction(() => {
        store.run(
          "INSERT INTO pair (peer, key, epoch, fields, sealed, at, state) VALUES (?, ?, ?, ?, ?, ?, 'READY')",
          peer.node,
          peer.key,
          state.pairEpoch,
          JSON.stringify(fields),
          sealed,
          clock(),
        );
        const rows = store.all(
          "SELECT epoch FROM pair WHERE key = ? AND state = 'READY' ORDER BY epoch DESC LIMIT -1 OFFSET ?",
          peer.key,
          KEPT,
        );
        for (const row of rows) store.run('DELETE FROM pair WHERE key = ? AND epoch = ?', peer.key, Number(row.epoch));
        return rows;
      });
      for (const row of old) forget(peer.key, Number(row.epoch));
      opened.set(place(peer.key, state.pairEpoch), state);
    },
    burn: (peer, evidence) => {
      store.transaction(() => {
        know(peer);
        store.run("UPDATE pair_peer SET excluded = 'burned' WHERE key = ?", peer.key);
        store.run("UPDATE pair SET state = 'BURNED', sealed = NULL WHERE key = ?", peer.key);
        keep('burn', peer, evidence);
      });
      for (const at of [...opened.keys()])
        if (at.startsWith(`${peer.key}:`)) forget(peer.key, Number(at.slice(peer.key.length + 1)));
    },
    suspect: (peer, evidence) => {
      store.transaction(() => {
        know(peer);
        const now = clock();
        store.run('INSERT INTO suspicion (key, at) VALUES (?, ?)', peer.key, now);
        keep('suspicion', peer, evidence);
        const count = Number(
          store.get('SELECT COUNT(*) AS count FROM suspicion WHERE key = ? AND at > ?', peer.key, now - DAY_MS)?.count,
        );
        if (count >= SUSPICIONS_A_DAY)
          store.run("UPDATE pair_peer SET excluded = COALESCE(excluded, 'quarantined') WHERE key = ?", peer.key);
      });
    },
    peers: () =>
      store
        .all('SELECT peer, key FROM pair_peer ORDER BY peer')
        .map((row) => ({ node: Number(row.peer), key: String(row.key) })),
  };
};
