import type { Json } from '@/lib/domain/canonical-json';
import type { Checkpoint } from '@/lib/evidence/checkpoint';
import { type Entry, entryHash, type NodeSignature } from '@/lib/ledger/entry';
import type { Genesis } from '@/lib/ledger/genesis';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { Change } from '@/lib/ledger/records';
import { extendReplica } from '@/lib/ledger/replay';
import { isTestifiedTo, type ShownTestimony, testifiedPorts } from '@/lib/ledger/testimony';
import { acceptableGenesis, type NodeConfiguration } from './acceptable-genesis';
import type { ReplicaStore, StoredReplica } from './replica-store';
import type { Store } from './store';

export type FeedEntry = { readonly seq: number; readonly bytes: Uint8Array; readonly body: Uint8Array };

export type TakingDeps = {
  readonly store: Store;
  readonly ports: LedgerPorts;
  readonly configuration: NodeConfiguration;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
  /** Told of each checkpoint entry taken for the first time, inside the transaction that stores it. */
  readonly onCheckpoint?: (checkpoint: Checkpoint, signatures: readonly NodeSignature[]) => void;
};

const KEPT_CHECKPOINTS = 50;
/** Entries made again in one transaction, when a node's state has to be made again from its entries. */
const REPLAYED_AT_ONCE = 500;

/** What became of a batch: why it ended early, if it did. */
export type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'fork'; readonly item: FeedEntry }
  | { readonly kind: 'gap'; readonly expected: number; readonly got: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly item: FeedEntry };

export type Followed = StoredReplica & { readonly genesis: Genesis };

/** How entries are taken. `isHeld`: they are stored already. `voids`: k nodes testified that these of them are void, and no others. */
type Taking = { readonly isHeld?: boolean; readonly voids?: ReadonlySet<number> };

/** Entries as a node takes them: validated, applied, and on the disk with the state they make. */
export const createEntryTaking = (deps: TakingDeps, replicas: ReplicaStore) => {
  const { store, ports, configuration, log } = deps;
  const following = new Map<string, Followed>();

  /** Hash of the stored entry at that place, or null. */
  const hashAt = (orgId: string, seq: number): string | null => {
    const row = store.get('SELECT bytes FROM entry WHERE org = ? AND seq = ?', orgId, seq);
    return row ? entryHash(row.bytes as Uint8Array) : null;
  };
  const headOf = (orgId: string) => following.get(orgId)?.replica.head ?? null;

  /** Applies one entry and stores it. Text: why the chain can't be followed. */
  const apply = (orgId: string, item: FeedEntry, { isHeld, voids }: Taking): readonly Change[] | string => {
    let current = following.get(orgId);
    if (!current) {
      const genesis = acceptableGenesis(item.body, orgId, configuration);
      if (!genesis.ok) return genesis.refusal.message;
      current = { ...replicas.create(orgId), genesis: genesis.value };
    }
    const isToldVoid = voids?.has(item.seq);
    const result = extendReplica(
      current.replica,
      item.bytes,
      item.body,
      isToldVoid === false ? testifiedPorts(ports) : ports,
    );
    if (result.kind === 'broken') return result.reason;
    if (isToldVoid !== undefined && isToldVoid !== (result.kind === 'void')) throw new OtherOutcomeError(item.seq);
    following.set(orgId, current);
    replicas.append(current, item, isHeld === true);
    if (result.kind === 'void') {
      replicas.noteVoid(current, item.seq);
      log('warn', 'Void entry in a ledger.', {
        orgId,
        seq: item.seq,
        kind: result.entry.kind,
        code: result.refusal.code,
        reason: result.refusal.message,
      });
      return [];
    }
    noteEntry(current, result.entry, item.body);
    if (result.entry.kind === 'checkpoint') {
      replicas.forgetStatements(current, result.entry.at);
      const checkpoint = current.checkpoints.at(-1);
      if (checkpoint && !isHeld) deps.onCheckpoint?.(checkpoint, result.entry.nodeSignatures ?? []);
    }
    return result.changes;
  };

  /**
   * Takes entries in one transaction with the state they make, so that both are on the disk before anything is answered. If it fails
   * memory is ahead of the disk: the ledger is then read from the store again.
   */
  const takeAll = (orgId: string, items: readonly FeedEntry[], taking: Taking = {}): Taken => {
    try {
      return store.transaction(() => {
        const changes: Change[] = [];
        const taken = takeEach(orgId, items, taking, changes);
        const current = following.get(orgId);
        if (current) replicas.save(current, changes);
        return taken;
      });
    } catch (error) {
      following.delete(orgId);
      if (!taking.isHeld) resume(orgId);
      throw error;
    }
  };

  /** Takes entries with the outcomes that k nodes testified to, or on this node's own word alone. */
  const takeShown = (orgId: string, items: readonly FeedEntry[], shown: ShownTestimony | undefined): Taken => {
    const replica = following.get(orgId)?.replica;
    const next = (replica?.head?.seq ?? -1) + 1;
    const fresh = items.filter(({ seq }) => seq >= next);
    if (!shown || !replica || !isTestifiedTo(replica, fresh, shown, ports)) return takeAll(orgId, items);
    try {
      return takeAll(orgId, items, { voids: new Set(shown.voids) });
    } catch (error) {
      if (!(error instanceof OtherOutcomeError)) throw error;
      log('error', 'ALERT: k nodes testified to another outcome of an entry than this node finds; it verifies all.', {
        orgId,
        seq: error.seq,
      });
      return takeAll(orgId, items);
    }
  };

  const takeEach = (orgId: string, items: readonly FeedEntry[], taking: Taking, changes: Change[]): Taken => {
    for (const item of items) {
      const head = headOf(orgId);
      const next = head === null ? 0 : head.seq + 1;
      if (item.seq < next) {
        if (hashAt(orgId, item.seq) === entryHash(item.bytes)) continue;
        return { kind: 'fork', item };
      }
      if (item.seq > next) return { kind: 'gap', expected: next, got: item.seq };
      const applied = apply(orgId, item, taking);
      if (typeof applied === 'string') return { kind: 'broken', reason: applied, item };
      changes.push(...applied);
    }
    return { kind: 'taken' };
  };

  /** Takes up a ledger as the store has it: its stored state, or that of its entries made again when the two don't fit. */
  const resume = (orgId: string): void => {
    const loaded = replicas.load(orgId);
    const founding = store.get('SELECT body FROM entry WHERE org = ? AND seq = 0', orgId);
    if (!founding) return;
    const genesis = acceptableGenesis(founding.body as Uint8Array, orgId, configuration);
    if (!genesis.ok) throw notReplayed(orgId, 0, genesis.refusal.message);
    if (loaded) {
      following.set(orgId, { ...loaded, genesis: genesis.value });
      return;
    }
    log('info', 'The state of a ledger is made again from its entries.', { orgId });
    for (let from = 0; ; from += REPLAYED_AT_ONCE) {
      const rows = store.all(
        'SELECT seq, bytes, body FROM entry WHERE org = ? AND seq >= ? AND seq < ? ORDER BY seq',
        orgId,
        from,
        from + REPLAYED_AT_ONCE,
      );
      if (rows.length === 0) break;
      const items = rows.map((row) => ({
        seq: Number(row.seq),
        bytes: row.bytes as Uint8Array,
        body: row.body as Uint8Array,
      }));
      const taken = takeAll(orgId, items, { isHeld: true });
      if (taken.kind === 'broken') throw notReplayed(orgId, taken.item.seq, taken.reason);
      if (taken.kind !== 'taken') throw notReplayed(orgId, from, 'an entry is missing.');
    }
  };

  return { following, hashAt, headOf, takeShown, resume };
};

/** Undoes what was taken of a batch: its entry has not the outcome that was testified to. */
class OtherOutcomeError extends Error {
  override readonly name = 'OtherOutcomeError';
  constructor(readonly seq: number) {
    super(`Entry ${seq} has another outcome here than the one k nodes testified to.`);
  }
}

const notReplayed = (orgId: string, seq: number, reason: string): Error =>
  new Error(`This node's own copy of ledger ${orgId} does not replay at entry ${seq}: ${reason}`);

const noteEntry = (following: StoredReplica, entry: Entry, body: Uint8Array): void => {
  if (entry.kind === 'checkpoint') {
    following.checkpoints.push({ orgId: following.replica.orgId, ...(parsed(body) as Omit<Checkpoint, 'orgId'>) });
    if (following.checkpoints.length > KEPT_CHECKPOINTS) following.checkpoints.shift();
  }
  if (entry.kind === 'reserve')
    following.reservedAt.set(String((parsed(body) as { activityId: string }).activityId), entry.seq);
};

const parsed = (body: Uint8Array): Json => JSON.parse(new TextDecoder().decode(body)) as Json;
