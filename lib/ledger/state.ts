import { IndexedTable } from './indexed-table';
import { PolicyTable } from './policy-table';
import {
  type AssignmentRecord,
  type Change,
  type CredentialRecord,
  type DelegationRecord,
  type GrowingKind,
  type PermissionRecord,
  RECORD_KINDS,
  type RecordKind,
  type Records,
  type TokenRecord,
} from './records';
import { createWindowBook, type WindowBook } from './window-book';

/** Kinds that are also found by another member: what every request asks for must not cost more in a larger organisation. */
type IndexedTables = {
  readonly assignment: IndexedTable<AssignmentRecord, 'identityId'>;
  readonly credential: IndexedTable<CredentialRecord, 'userId' | 'credId'>;
  readonly token: IndexedTable<TokenRecord, 'userId'>;
  readonly permission: IndexedTable<PermissionRecord, 'name'>;
  readonly delegation: IndexedTable<DelegationRecord, 'toUserId' | 'userId'>;
  readonly policy: PolicyTable;
};

/** Single records by id; a Map is one. */
export type Table<T> = { get(id: string): T | undefined; set(id: string, record: T): unknown };

/** Kinds held in memory as a whole. */
export type HeldKind = Exclude<RecordKind, GrowingKind>;

/**
 * An organisation's replayed state, or the part of it a decision needs. `decide` functions only read it; `applyChanges` is
 * the one place that writes.
 */
export type OrgState = {
  readonly tables: {
    readonly [K in Exclude<HeldKind, keyof IndexedTables>]: Map<string, Records[K]>;
  } & IndexedTables & {
      readonly [K in GrowingKind]: Table<Records[K]>;
    };
  /** Requests of each wallet, in ledger order. */
  readonly windows: WindowBook;
};

/** A state that holds every record in memory. */
export type StateInMemory = OrgState & {
  readonly tables: { readonly [K in GrowingKind]: Map<string, Records[K]> };
};

export const emptyState = (): StateInMemory => {
  const tables = {
    ...(Object.fromEntries(RECORD_KINDS.map((kind) => [kind, new Map()])) as unknown as StateInMemory['tables']),
    assignment: new IndexedTable<AssignmentRecord, 'identityId'>({ identityId: (item) => item.identityId }),
    credential: new IndexedTable<CredentialRecord, 'userId' | 'credId'>({
      userId: (item) => item.userId,
      credId: (item) => item.credId,
    }),
    token: new IndexedTable<TokenRecord, 'userId'>({ userId: (item) => item.userId }),
    permission: new IndexedTable<PermissionRecord, 'name'>({ name: (item) => item.name }),
    delegation: new IndexedTable<DelegationRecord, 'toUserId' | 'userId'>({
      toUserId: (item) => item.toUserId,
      userId: (item) => item.requester.userId,
    }),
    policy: new PolicyTable(),
  };
  return { tables, windows: createWindowBook() };
};

/** The table of one kind, of which only id and records are asked. */
const tableOf = <K extends HeldKind>(state: OrgState, kind: K): ReadonlyMap<string, Records[K]> =>
  state.tables[kind] as unknown as ReadonlyMap<string, Records[K]>;

/** The record, or undefined. */
export const find = <K extends RecordKind>(state: OrgState, kind: K, id: string): Records[K] | undefined =>
  (state.tables[kind] as unknown as Table<Records[K]>).get(id);

/** All records of a kind that is held as a whole. */
export const all = <K extends HeldKind>(state: OrgState, kind: K): Records[K][] => [...tableOf(state, kind).values()];

/** A table to write to without touching the one it was made from. */
export const copyTable = (table: ReadonlyMap<string, unknown>): Map<string, unknown> =>
  table instanceof IndexedTable || table instanceof PolicyTable ? table.copy() : new Map(table);

/** The first record, in the order they came, that fits; no list is made of them. */
export const findBy = <K extends HeldKind>(
  state: OrgState,
  kind: K,
  fits: (record: Records[K]) => boolean,
): Records[K] | undefined => {
  for (const record of tableOf(state, kind).values()) if (fits(record)) return record;
  return undefined;
};

/** Builds a change; the type ties the record to its kind. */
export const put = <K extends RecordKind>(kind: K, record: Records[K]): Change =>
  ({ kind, record }) as unknown as Change;

/** Writes the changes into the state, in order. */
export const applyChanges = (state: OrgState, changes: readonly Change[]): void => {
  for (const change of changes) {
    (state.tables[change.kind] as Table<unknown>).set(change.record.id, change.record);
    if (change.kind === 'window') state.windows.note(change.record);
  }
};
