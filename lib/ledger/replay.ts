import type { Outcome, Refusal } from '@/lib/domain/refusal';
import { decideEntry } from './decide';
import type { Decided } from './decision';
import { type Entry, entryHash, NO_PREVIOUS, readEntry } from './entry';
import {
  appendToFrontier,
  EMPTY_FRONTIER,
  type Frontier,
  frontierRoot,
  rootOfTops,
  type Tops,
  topsInMemory,
} from './merkle';
import type { LedgerPorts } from './ports';
import type { Change, RecordKind } from './records';
import { applyChanges, emptyState, type OrgState, type StateInMemory, type Table } from './state';

/** A node's own copy of one organisation: replayed state, head and tree. */
export type Replica = {
  readonly orgId: string;
  readonly state: OrgState;
  head: { seq: number; hash: string } | null;
  frontier: Frontier;
  /** Largest subtree each entry completed: the root after any entry follows from a few of them. */
  readonly tops: Tops;
  /** Last entry that changed the activity, its approval or its reservation, by activity id; of a credential its recovery. */
  readonly touched: Table<number>;
  /** Last entry that changed who may do what, or freed a window: a checkpoint must cover it. */
  governedAt: number;
};

const GOVERNING: readonly RecordKind[] = [
  'org',
  'user',
  'credential',
  'token',
  'permission',
  'assignment',
  'policy',
  'delegation',
  'key',
  'wallet',
];

/** Notes what an entry changed, so that a node can tell whether a checkpoint covers it. */
const note = (replica: Replica, entry: Entry, changes: readonly Change[]): void => {
  for (const change of changes) {
    if (GOVERNING.includes(change.kind)) replica.governedAt = entry.seq;
    // Settled times are the checkpoint's own doing: they free nothing.
    if (change.kind === 'window' && !change.record.counts && entry.kind !== 'checkpoint')
      replica.governedAt = entry.seq;
    if (change.kind === 'window' && change.record.settledAt === undefined)
      replica.state.windows.place(change.record.activityId, entry.seq);
    if (change.kind === 'credential' && entry.kind === 'recovery') replica.touched.set(change.record.id, entry.seq);
    if (change.kind === 'activity' && entry.kind !== 'broadcast' && entry.kind !== 'release')
      replica.touched.set(change.record.id, entry.seq);
    if (change.kind === 'approval' && change.record.subject.kind === 'Activity')
      replica.touched.set(change.record.subject.id, entry.seq);
  }
};

/** A replica that holds everything in memory. */
export type ReplicaInMemory = Replica & { readonly state: StateInMemory };

export const emptyReplica = (orgId: string): ReplicaInMemory => ({
  orgId,
  state: emptyState(),
  head: null,
  frontier: EMPTY_FRONTIER,
  tops: topsInMemory(),
  touched: new Map(),
  governedAt: -1,
});

/** Merkle root over entries 0…seq, lower-case hex, or null when the replica doesn't reach that far. */
export const rootAt = (replica: Replica, seq: number): string | null => {
  if (replica.head === null || !Number.isSafeInteger(seq) || seq < 0 || seq > replica.head.seq) return null;
  return seq === replica.head.seq ? frontierRoot(replica.frontier) : rootOfTops(replica.tops, seq + 1);
};

export type Extension =
  | { readonly kind: 'applied'; readonly entry: Entry; readonly changes: readonly Change[] }
  | { readonly kind: 'void'; readonly entry: Entry; readonly refusal: Refusal }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Extends the replica by the next entry. A broken link or gap leaves it untouched; a void entry takes its place in the chain and
 * changes nothing else (design §4.2 Void).
 */
export const extendReplica = (replica: Replica, bytes: Uint8Array, body: Uint8Array, ports: LedgerPorts): Extension => {
  const entry = readEntry(bytes);
  if (!entry) return { kind: 'broken', reason: 'The entry is not canonical JSON.' };
  const seq = replica.head ? replica.head.seq + 1 : 0;
  if (entry.seq !== seq) return { kind: 'broken', reason: `Expected entry ${seq}, got ${entry.seq}.` };
  if (entry.prev !== (replica.head?.hash ?? NO_PREVIOUS))
    return { kind: 'broken', reason: `Entry ${seq} does not follow the head.` };
  if (seq === 0 && entry.kind !== 'genesis') return { kind: 'broken', reason: 'The first entry is not a genesis.' };
  // A seq this replica doesn't hold has no root here, so that no checkpoint over it can pass.
  const decided: Outcome<Decided> = decideEntry(
    replica.state,
    entry,
    body,
    ports,
    (at) => rootAt(replica, at) ?? '',
    (credentialId) => replica.touched.get(credentialId) ?? null,
  );
  if (seq === 0 && (!decided.ok || decided.value.result.id !== replica.orgId))
    return { kind: 'broken', reason: 'The first entry is not the genesis of this organisation.' };
  replica.head = { seq, hash: entryHash(bytes) };
  replica.frontier = appendToFrontier(replica.frontier, bytes);
  replica.tops.append(replica.frontier.nodes.at(-1) as Uint8Array);
  if (!decided.ok) return { kind: 'void', entry, refusal: decided.refusal };
  applyChanges(replica.state, decided.value.changes);
  note(replica, entry, decided.value.changes);
  return { kind: 'applied', entry, changes: decided.value.changes };
};
