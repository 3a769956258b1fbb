import { type Entry, entryHash } from './entry';
import type { Frontier } from './merkle';
import { certificatesInForce } from './nodes';
import type { LedgerPorts } from './ports';
import type { Change } from './records';
import { emptyReplica, extendReplica, rootAt } from './replay';
import { all, find } from './state';

/** A head a node has signed on its connection, and the Ed25519 key (hex) the signature held under. */
export type SignedHead = {
  readonly node: number;
  readonly signingKey: string;
  readonly seq: number;
  readonly hash: string;
};

/** An entry as it travels: canonical bytes and the body beside them. */
export type HeldEntry = { readonly bytes: Uint8Array; readonly body: Uint8Array };

/** An entry taken back, with what replay makes of it and the chain as it stands after it. */
export type RecoveredEntry = HeldEntry & {
  readonly entry: Entry;
  readonly hash: string;
  readonly root: string;
  readonly frontier: Frontier;
  /** Empty for a void entry. */
  readonly changes: readonly Change[];
  readonly isVoid: boolean;
};

/** Nodes of the organisation, by what their signed heads say about one chain. */
export type Standing = { readonly with: readonly number[]; readonly against: readonly number[] };

export type Recovery =
  | { readonly kind: 'take'; readonly entries: readonly RecoveredEntry[]; readonly standing: Standing }
  | {
      readonly kind: 'refused';
      readonly code: 'recovery.broken' | 'recovery.fork' | 'recovery.unwitnessed';
      readonly reason: string;
      readonly standing: Standing;
    };

/**
 * Takes a ledger that nodes hold further than a restored database does (design §4.3, trace V14). First `hold` gets every entry of the
 * database in order, then `offer` those of one node that follow; `settle` says which of them the database may append.
 * Entries are taken as they are or not at all: what replays here has the order, ids and times it had.
 */
export const startRecovery = (orgId: string, ports: LedgerPorts) => {
  const replica = emptyReplica(orgId);
  const hashes: string[] = [];
  const offered: RecoveredEntry[] = [];
  let broken: string | null = null;
  let isOffering = false;
  let isFounded = false;

  const extend = ({ bytes, body }: HeldEntry): RecoveredEntry | null => {
    const extension = extendReplica(replica, bytes, body, ports);
    if (extension.kind === 'broken') {
      broken = extension.reason;
      return null;
    }
    const hash = entryHash(bytes);
    hashes.push(hash);
    return {
      bytes,
      body,
      entry: extension.entry,
      hash,
      root: rootAt(replica, extension.entry.seq) ?? '',
      frontier: replica.frontier,
      changes: extension.kind === 'applied' ? extension.changes : [],
      isVoid: extension.kind === 'void',
    };
  };

  /** Who of the nodes in force signed a head on this chain, and who one that is not on it. A head beyond its end says nothing. */
  const standingOf = (heads: readonly SignedHead[]): Standing => {
    const nodes = certificatesInForce(replica.state);
    const ours = heads.filter((head) =>
      nodes.some((node) => node.node === head.node && node.signingKey === head.signingKey),
    );
    const on = (matches: boolean) => [
      ...new Set(
        ours
          .filter((head) => head.seq < hashes.length && (hashes[head.seq] === head.hash) === matches)
          .map((h) => h.node),
      ),
    ];
    return { with: on(true), against: on(false) };
  };

  /** The last entry that k nodes vouch for: by their signed heads, or by a checkpoint that stands in the chain. */
  const witnessedUpTo = (heads: readonly SignedHead[], standing: Standing, k: number): number => {
    const reached = standing.with
      .map((node) =>
        Math.max(...heads.filter((head) => head.node === node && hashes[head.seq] === head.hash).map((h) => h.seq)),
      )
      .sort((a, b) => b - a);
    // The keys under a checkpoint follow from the genesis: one that a node brought along vouches for nothing.
    const checkpoint = isFounded ? (find(replica.state, 'checkpoint', 'last')?.seq ?? -1) : -1;
    return Math.max(reached[k - 1] ?? -1, checkpoint);
  };

  return {
    /** How many entries are in the chain. */
    size: () => hashes.length,
    /** @returns why the database's own chain does not replay, or null. */
    hold: (item: HeldEntry): string | null => {
      isFounded = true;
      return extend(item) ? null : broken;
    },
    /** @returns why the entry does not follow, or null. */
    offer: (item: HeldEntry): string | null => {
      if (broken !== null) return broken;
      isOffering = true;
      const entry = extend(item);
      if (entry) offered.push(entry);
      return broken;
    },
    /**
     * Everything up to the last entry k nodes vouch for is taken. What fewer nodes hold beyond it is taken too when the heads of k
     * nodes lie on this chain and none lies beside it, up to the first void entry: an honest server enters none.
     * @param atLeast k as this installation is configured, for a genesis that comes from a node.
     */
    settle: (heads: readonly SignedHead[], atLeast = 2): Recovery => {
      const standing = standingOf(heads);
      const k = Math.max(atLeast, all(replica.state, 'org')[0]?.genesis.k ?? Number.POSITIVE_INFINITY);
      const witnessed = witnessedUpTo(heads, standing, k);
      const isUncontested = standing.against.length === 0 && standing.with.length >= k;
      const firstVoid = offered.findIndex(({ entry, isVoid }) => isVoid && entry.seq > witnessed);
      const uncontested = firstVoid === -1 ? offered : offered.slice(0, firstVoid);
      const entries = isUncontested ? uncontested : offered.filter(({ entry }) => entry.seq <= witnessed);
      if (entries.length > 0) return { kind: 'take', entries, standing };
      if (broken !== null)
        return { kind: 'refused', code: isOffering ? 'recovery.fork' : 'recovery.broken', reason: broken, standing };
      if (standing.against.length > 0)
        return {
          kind: 'refused',
          code: 'recovery.fork',
          reason: `Nodes ${standing.against.join(', ')} hold another history, and no ${k} nodes vouch for this one.`,
          standing,
        };
      return {
        kind: 'refused',
        code: 'recovery.unwitnessed',
        reason: `Only nodes ${standing.with.join(', ') || 'unknown to the genesis'} vouch for what follows; ${k} must.`,
        standing,
      };
    },
  };
};
