import type { Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused, unreachable } from '@/lib/domain/refusal';
import type { Checkpoint } from '@/lib/evidence/checkpoint';
import { type Entry, entryHash } from '@/lib/ledger/entry';
import type { Genesis, NodeCertificate } from '@/lib/ledger/genesis';
import { certificatesInForce, isSameIdentity } from '@/lib/ledger/nodes';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { Change } from '@/lib/ledger/records';
import { extendReplica, type Replica } from '@/lib/ledger/replay';
import type { Table } from '@/lib/ledger/state';
import { isTestifiedTo, MOST_VOIDS, type ShownTestimony, testifiedPorts } from '@/lib/ledger/testimony';
import { type Page, pageOf } from '@/lib/transport/entry-pages';
import { acceptableGenesis, type NodeConfiguration } from './acceptable-genesis';
import { createRecentRecords } from './recent-records';
import { createReplicaStore, type StoredReplica } from './replica-store';
import type { Store } from './store';

export type ReplayDeps = {
  readonly store: Store;
  readonly ports: LedgerPorts;
  readonly configuration: NodeConfiguration;
  readonly clock: () => number;
  /** Told when a ledger is stopped, with the evidence that was kept. */
  readonly onStopped?: (orgId: string, code: StopCode, reason: string, evidence: Uint8Array) => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
  /** How many records of all ledgers are held in memory beside those that must be. */
  readonly recentRecords?: number;
};

export type FeedEntry = { readonly seq: number; readonly bytes: Uint8Array; readonly body: Uint8Array };

/** One organisation as this node has verified it. */
export type Following = {
  readonly replica: Replica;
  readonly genesis: Genesis;
  /** Checkpoint entries of the chain, newest last, the last 50. */
  readonly checkpoints: readonly Checkpoint[];
  /** `at` of the reserve entry of each activity. */
  readonly reservedAt: Pick<Table<number>, 'get'>;
};

/** Why a ledger is no longer followed: it does not replay, a second entry was shown, or a peer signed another history. */
export type StopCode = 'signer.ledger_broken' | 'signer.ledger_fork' | 'signer.fork';

/** The node's own copy of every ledger: accepts only extensions of its heads, and is on the disk before it answers. */
export type ReplayDriver = {
  /**
   * Validates and stores entries in order. Entries it already holds are skipped after a comparison.
   * @param testimony Of nodes that have verified the entries: what they say held is not verified again. One that proves nothing is ignored.
   */
  extend(
    orgId: string,
    items: readonly FeedEntry[],
    testimony?: ShownTestimony,
  ): Outcome<{ readonly seq: number; readonly hash: string } | null>;
  /** Void entries up to `seq`, ascending; null when there are too many to tell. */
  voidsUpTo(orgId: string, seq: number): readonly number[] | null;
  /** The organisation as this node signs for it; refused while its own certificate is not in force there. */
  find(orgId: string): Outcome<Following>;
  /** Whether the certificate is in force at this node's head of the ledger. */
  isInForce(orgId: string, certificate: NodeCertificate): boolean;
  organisations(): readonly string[];
  head(orgId: string): { readonly seq: number; readonly hash: string } | null;
  /** Hash of the stored entry at that place, or null. */
  hashAt(orgId: string, seq: number): string | null;
  /** A page of the stored entries, for a server that lost them. A ledger this node no longer follows can be read too. */
  read(orgId: string, seq: number, offset: number): Page;
  /** Stops following, for good, and keeps the evidence. */
  stop(orgId: string, reason: string, evidence: Uint8Array, code?: StopCode): void;
  /** Follows a ledger again whose stop was lifted in the store, as the store has it now. */
  takeUpAgain(orgId: string): void;
  stopped(): readonly { readonly orgId: string; readonly reason: string }[];
  /** Gaps are forgiven when the node connects again: the feed then starts at its head. */
  forgetGaps(): void;
  voids(): number;
};

const KEPT_CHECKPOINTS = 50;
const RECENT_RECORDS = 4096;
/** Entries made again in one transaction, when a node's state has to be made again from its entries. */
const REPLAYED_AT_ONCE = 500;

/** What became of a batch: why it ended early, if it did. */
type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'fork'; readonly item: FeedEntry }
  | { readonly kind: 'gap'; readonly expected: number; readonly got: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly item: FeedEntry };

type Followed = StoredReplica & { readonly genesis: Genesis };

/** How entries are taken. `isHeld`: they are stored already. `voids`: k nodes testified that these of them are void, and no others. */
type Taking = { readonly isHeld?: boolean; readonly voids?: ReadonlySet<number> };

export const createReplayDriver = (deps: ReplayDeps): ReplayDriver => {
  const { store, ports, configuration, clock, log } = deps;
  const replicas = createReplicaStore(store, createRecentRecords(deps.recentRecords ?? RECENT_RECORDS));
  const following = new Map<string, Followed>();
  const stopped = new Map<string, string>();
  const gaps = new Set<string>();

  const stop: ReplayDriver['stop'] = (orgId, reason, evidence, code = 'signer.ledger_broken') => {
    log('error', 'Ledger stopped: this node signs nothing more for the organisation.', { orgId, reason });
    store.transaction(() => {
      store.run(
        'INSERT INTO evidence (kind, subject, at, content) VALUES (?, ?, ?, ?)',
        'ledger',
        orgId,
        clock(),
        evidence,
      );
      store.run('INSERT OR REPLACE INTO stopped (org, reason, at) VALUES (?, ?, ?)', orgId, reason, clock());
    });
    stopped.set(orgId, reason);
    deps.onStopped?.(orgId, code, reason, evidence);
  };

  const hashAt: ReplayDriver['hashAt'] = (orgId, seq) => {
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
    if (result.entry.kind === 'checkpoint') replicas.forgetStatements(current, result.entry.at);
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

  const resumeAll = (): void => {
    for (const row of store.all('SELECT org, reason FROM stopped')) stopped.set(String(row.org), String(row.reason));
    for (const { org } of store.all('SELECT DISTINCT org FROM entry')) resume(String(org));
  };

  const extend: ReplayDriver['extend'] = (orgId, items, testimony) => {
    const reason = stopped.get(orgId);
    if (reason !== undefined)
      return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
    if (gaps.has(orgId))
      return refused(409, 'signer.ledger_gap', 'A gap was fed; this node waits for a new connection.');
    const taken = takeShown(orgId, items, testimony);
    switch (taken.kind) {
      case 'taken':
        return accepted(headOf(orgId));
      case 'fork':
        stop(orgId, `a second entry ${taken.item.seq} was shown`, taken.item.bytes, 'signer.ledger_fork');
        return refused(409, 'signer.ledger_fork', `A second entry ${taken.item.seq} was shown.`);
      case 'gap': {
        const { expected, got } = taken;
        gaps.add(orgId);
        log('error', 'Gap in the feed: replay of the organisation is halted.', { orgId, expected, got });
        return refused(409, 'signer.ledger_gap', `Entry ${expected} was expected, and ${got} came.`);
      }
      case 'broken':
        if (taken.item.seq > 0) stop(orgId, taken.reason, taken.item.bytes);
        else log('warn', 'Genesis not accepted.', { orgId, reason: taken.reason });
        return refused(409, taken.item.seq > 0 ? 'signer.ledger_broken' : 'signer.genesis_refused', taken.reason);
      default:
        return unreachable(taken);
    }
  };

  const isInForce: ReplayDriver['isInForce'] = (orgId, certificate) => {
    const found = following.get(orgId);
    return (
      found !== undefined && certificatesInForce(found.replica.state).some((one) => isSameIdentity(one, certificate))
    );
  };

  resumeAll();
  return {
    isInForce,
    extend,
    read: (orgId, seq, offset) =>
      pageOf({ seq, offset }, (at) => {
        const row = store.get('SELECT bytes, body FROM entry WHERE org = ? AND seq = ?', orgId, at);
        return row ? { bytes: row.bytes as Uint8Array, body: row.body as Uint8Array } : null;
      }),
    voidsUpTo: (orgId, seq) => {
      const voids = replicas.voidsUpTo(orgId, seq, MOST_VOIDS + 1);
      return voids.length > MOST_VOIDS ? null : voids;
    },
    hashAt,
    stop,
    find: (orgId) => {
      const reason = stopped.get(orgId);
      if (reason !== undefined)
        return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
      if (gaps.has(orgId)) return refused(409, 'signer.ledger_gap', 'The feed had a gap.');
      const found = following.get(orgId);
      if (!found) return refused(409, 'signer.unknown_organisation', 'This node does not follow the organisation.');
      return isInForce(orgId, configuration.certificate)
        ? accepted(found)
        : refused(
            409,
            'signer.not_in_force',
            "This node's certificate is not the one in force in the organisation: it follows the ledger and signs nothing. Put it in force on the console's page Signers.",
          );
    },
    takeUpAgain: (orgId) => {
      stopped.delete(orgId);
      gaps.delete(orgId);
      following.delete(orgId);
      resume(orgId);
    },
    organisations: () => [...following.keys()],
    head: headOf,
    stopped: () => [...stopped].map(([orgId, reason]) => ({ orgId, reason })),
    forgetGaps: () => gaps.clear(),
    voids: () => [...following.values()].reduce((sum, one) => sum + one.voids, 0),
  };
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
    following.reservedAt.set(String((parsed(body) as { activityId: string }).activityId), entry.at);
};

const parsed = (body: Uint8Array): Json => JSON.parse(new TextDecoder().decode(body)) as Json;
