import type { Checkpoint } from '@/lib/evidence/checkpoint';
import { entryHash } from '@/lib/ledger/entry';
import { EMPTY_FRONTIER, frontierOfTops, frontierRoot, type Tops } from '@/lib/ledger/merkle';
import {
  type Change,
  GROWING_KINDS,
  type GrowingKind,
  isGrowing,
  type RecordKind,
  type Records,
} from '@/lib/ledger/records';
import type { Replica } from '@/lib/ledger/replay';
import { applyChanges, emptyState, type OrgState, put, type Table } from '@/lib/ledger/state';
import { CLOCK_TOLERANCE_MS } from '@/lib/ledger/window-book';
import type { RecentRecords } from './recent-records';
import type { Row, Store } from './store';
import { createStoredWindows } from './stored-windows';

/**
 * What the stored state was made by. It is made again from the entries when this differs: raise it with every change of a rule or a
 * record after which the same entries give another state.
 */
export const STATE_VERSION = 8;

/** A replica whose growing records lie in the node's store: what it holds in memory does not grow with the ledger. */
export type StoredReplica = {
  readonly replica: Replica;
  /** Checkpoint entries of the chain, newest last. */
  readonly checkpoints: Checkpoint[];
  /** Place of the last reserve entry of each activity. */
  readonly reservedAt: Table<number>;
  /** How many entries were found void. */
  voids: number;
};

/** Keeps replicas in a node's store. Everything but `load` is called inside a transaction that also stores the entries. */
export type ReplicaStore = {
  /** An empty replica; what the store held of an earlier one is gone. */
  create(orgId: string): StoredReplica;
  /** The replica as it was stored, or null when it is not that of the stored entries: then it has to be made again. */
  load(orgId: string): StoredReplica | null;
  /** Stores an entry just applied. `isHeld`: it was stored before, and the replica is being made again. */
  append(stored: StoredReplica, item: { seq: number; bytes: Uint8Array; body: Uint8Array }, isHeld: boolean): void;
  /** Notes that the entry just applied is void. */
  noteVoid(stored: StoredReplica, seq: number): void;
  /** Void entries up to `seq`, ascending; at most `limit`. */
  voidsUpTo(orgId: string, seq: number, limit: number): readonly number[];
  /** Forgets statements that expired so long before a checkpoint at `at` that no entry behind it can use them. */
  forgetStatements(stored: StoredReplica, at: number): void;
  /** Stores where the replica stands, and records that changed and are held in memory. */
  save(stored: StoredReplica, changes: readonly Change[]): void;
};

const parse = <T>(row: Row | undefined, column: string): T | undefined =>
  row === undefined ? undefined : (JSON.parse(String(row[column])) as T);

export const createReplicaStore = (store: Store, recent: RecentRecords): ReplicaStore => {
  const table = <K extends Exclude<GrowingKind, 'window'>>(orgId: string, kind: K): Table<Records[K]> => ({
    get: (id) =>
      recent.get(orgId, kind, id, () =>
        parse<Records[K]>(
          store.get('SELECT record FROM state_record WHERE org = ? AND kind = ? AND id = ?', orgId, kind, id),
          'record',
        ),
      ),
    set: (id, record) => {
      recent.set(orgId, kind, id, record);
      putRecord(orgId, kind, id, record);
    },
  });
  const putRecord = (orgId: string, kind: RecordKind, id: string, record: unknown): void => {
    store.run(
      'INSERT INTO state_record (org, kind, id, record) VALUES (?, ?, ?, ?) ON CONFLICT (org, kind, id) DO UPDATE SET record = excluded.record',
      orgId,
      kind,
      id,
      JSON.stringify(record),
    );
  };
  const numbers = (orgId: string, kind: string): Table<number> => ({
    get: (id) => {
      const row = store.get('SELECT value FROM state_number WHERE org = ? AND kind = ? AND id = ?', orgId, kind, id);
      return row === undefined ? undefined : Number(row.value);
    },
    set: (id, value) => {
      store.run(
        'INSERT OR REPLACE INTO state_number (org, kind, id, value) VALUES (?, ?, ?, ?)',
        orgId,
        kind,
        id,
        value,
      );
    },
  });
  const tops = (orgId: string): Tops => ({
    // The entry is stored with its top; until then the frontier has it.
    append: () => {},
    at: (seq) => {
      const top = store.get('SELECT top FROM entry WHERE org = ? AND seq = ?', orgId, seq)?.top;
      return top instanceof Uint8Array ? top : null;
    },
  });

  const open = (orgId: string): { state: OrgState; make: (over: Partial<Replica>) => Replica } => {
    const { table: window, book } = createStoredWindows(store, recent, orgId);
    const memory = emptyState();
    const state: OrgState = {
      ...memory,
      tables: {
        ...memory.tables,
        activity: table(orgId, 'activity'),
        approval: table(orgId, 'approval'),
        pin: table(orgId, 'pin'),
        externalId: table(orgId, 'externalId'),
        incoming: table(orgId, 'incoming'),
        window,
      },
      windows: book,
    };
    const make = (over: Partial<Replica>): Replica => ({
      orgId,
      state,
      head: null,
      frontier: EMPTY_FRONTIER,
      tops: tops(orgId),
      touched: numbers(orgId, 'touched'),
      governedAt: -1,
      ...over,
    });
    return { state, make };
  };

  return {
    create: (orgId) => {
      for (const name of [
        'state_record',
        'state_window',
        'state_window_total',
        'state_number',
        'state_statement',
        'state_void',
        'state_head',
      ])
        store.run(`DELETE FROM ${name} WHERE org = ?`, orgId);
      recent.forget(orgId);
      return {
        replica: open(orgId).make({}),
        checkpoints: [],
        reservedAt: numbers(orgId, 'reservedAt'),
        voids: 0,
      };
    },
    load: (orgId) => {
      // What a transaction that failed had put there is on no disk.
      recent.forget(orgId);
      const last = store.get('SELECT seq, bytes FROM entry WHERE org = ? ORDER BY seq DESC LIMIT 1', orgId);
      const kept = store.get('SELECT * FROM state_head WHERE org = ?', orgId);
      if (!last || !kept || kept.version !== STATE_VERSION) return null;
      const head = { seq: Number(last.seq), hash: entryHash(last.bytes as Uint8Array) };
      const frontier = frontierOfTops(tops(orgId), head.seq + 1);
      // SECURITY: the state is that of these entries and no others.
      if (kept.seq !== head.seq || kept.hash !== head.hash || !frontier || frontierRoot(frontier) !== kept.root)
        return null;
      const { state, make } = open(orgId);
      const records = store.all(
        `SELECT kind, record FROM state_record WHERE org = ? AND kind NOT IN (${GROWING_KINDS.map((kind) => `'${kind}'`).join(', ')}) ORDER BY ord`,
        orgId,
      );
      applyChanges(
        state,
        records.map((row) => put(row.kind as RecordKind, JSON.parse(String(row.record)) as never)),
      );
      for (const { id, expires } of store.all('SELECT id, expires FROM state_statement WHERE org = ?', orgId))
        state.tables.statement.set(String(id), { id: String(id), expiresAt: Number(expires) });
      return {
        replica: make({ head, frontier, governedAt: Number(kept.governed_at) }),
        checkpoints: JSON.parse(String(kept.checkpoints)) as Checkpoint[],
        reservedAt: numbers(orgId, 'reservedAt'),
        voids: Number(kept.voids),
      };
    },
    append: ({ replica }, { seq, bytes, body }, isHeld) => {
      const top = replica.frontier.nodes.at(-1) ?? null;
      if (isHeld) store.run('UPDATE entry SET top = ? WHERE org = ? AND seq = ?', top, replica.orgId, seq);
      else
        store.run(
          'INSERT INTO entry (org, seq, bytes, body, top) VALUES (?, ?, ?, ?, ?)',
          replica.orgId,
          seq,
          bytes,
          body,
          top,
        );
    },
    noteVoid: (stored, seq) => {
      stored.voids += 1;
      store.run('INSERT OR REPLACE INTO state_void (org, seq) VALUES (?, ?)', stored.replica.orgId, seq);
    },
    voidsUpTo: (orgId, seq, limit) =>
      store
        .all('SELECT seq FROM state_void WHERE org = ? AND seq <= ? ORDER BY seq LIMIT ?', orgId, seq, limit)
        .map((row) => Number(row.seq)),
    forgetStatements: ({ replica }, at) => {
      const { statement } = replica.state.tables;
      const before = at - CLOCK_TOLERANCE_MS;
      for (const { id, expiresAt } of statement.values()) if (expiresAt < before) statement.delete(id);
      store.run('DELETE FROM state_statement WHERE org = ? AND expires < ?', replica.orgId, before);
    },
    save: ({ replica, checkpoints, voids }, changes) => {
      const { orgId, head, governedAt } = replica;
      const latest = new Map<string, Change>();
      for (const change of changes)
        if (!isGrowing(change.kind)) latest.set(`${change.kind} ${change.record.id}`, change);
      for (const { kind, record } of latest.values()) {
        if (kind === 'statement')
          store.run(
            'INSERT OR REPLACE INTO state_statement (org, id, expires) VALUES (?, ?, ?)',
            orgId,
            record.id,
            record.expiresAt,
          );
        else putRecord(orgId, kind, record.id, record);
      }
      store.run(
        'INSERT OR REPLACE INTO state_head (org, version, seq, hash, root, governed_at, voids, checkpoints) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        orgId,
        STATE_VERSION,
        head?.seq ?? -1,
        head?.hash ?? '',
        frontierRoot(replica.frontier),
        governedAt,
        voids,
        JSON.stringify(checkpoints),
      );
    },
  };
};
