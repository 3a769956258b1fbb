import { IndexedTable } from './indexed-table';
import {
  type AssignmentRecord,
  type Change,
  type CredentialRecord,
  type PermissionRecord,
  RECORD_KINDS,
  type RecordKind,
  type Records,
  type TokenRecord,
  type WindowRecord,
} from './records';

/** Kinds that are also found by another member: what every request asks for must not cost more in a larger organisation. */
type IndexedTables = {
  readonly assignment: IndexedTable<AssignmentRecord, 'identityId'>;
  readonly credential: IndexedTable<CredentialRecord, 'userId' | 'credId'>;
  readonly token: IndexedTable<TokenRecord, 'userId'>;
  readonly permission: IndexedTable<PermissionRecord, 'name'>;
};

/**
 * An organisation's replayed state, or the part of it a decision needs. `decide` functions only read it; `applyChanges` is
 * the one place that writes.
 */
export type OrgState = {
  readonly tables: {
    readonly [K in Exclude<RecordKind, keyof IndexedTables>]: Map<string, Records[K]>;
  } & IndexedTables;
  /** Per wallet, in ledger order. */
  readonly windows: Map<string, WindowRecord[]>;
  /** Place in the chain of each activity with a window record; absent while it is not chained. */
  readonly places: Map<string, number>;
};

export const emptyState = (): OrgState => ({
  tables: {
    ...(Object.fromEntries(RECORD_KINDS.map((kind) => [kind, new Map()])) as unknown as OrgState['tables']),
    assignment: new IndexedTable<AssignmentRecord, 'identityId'>({ identityId: (item) => item.identityId }),
    credential: new IndexedTable<CredentialRecord, 'userId' | 'credId'>({
      userId: (item) => item.userId,
      credId: (item) => item.credId,
    }),
    token: new IndexedTable<TokenRecord, 'userId'>({ userId: (item) => item.userId }),
    permission: new IndexedTable<PermissionRecord, 'name'>({ name: (item) => item.name }),
  },
  windows: new Map(),
  places: new Map(),
});

/** The table of one kind, of which only id and records are asked. */
const tableOf = <K extends RecordKind>(state: OrgState, kind: K): ReadonlyMap<string, Records[K]> =>
  state.tables[kind] as unknown as ReadonlyMap<string, Records[K]>;

/** The record, or undefined. */
export const find = <K extends RecordKind>(state: OrgState, kind: K, id: string): Records[K] | undefined =>
  tableOf(state, kind).get(id);

export const all = <K extends RecordKind>(state: OrgState, kind: K): Records[K][] => [...tableOf(state, kind).values()];

/** A table to write to without touching the one it was made from. */
export const copyTable = (table: ReadonlyMap<string, unknown>): Map<string, unknown> =>
  table instanceof IndexedTable ? table.copy() : new Map(table);

/** The first record, in the order they came, that fits; no list is made of them. */
export const findBy = <K extends RecordKind>(
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
    (state.tables[change.kind] as Map<string, unknown>).set(change.record.id, change.record);
    if (change.kind !== 'window') continue;
    const list = state.windows.get(change.record.walletId) ?? [];
    const at = list.findLastIndex((item) => item.id === change.record.id);
    if (at >= 0) list[at] = change.record;
    else list.push(change.record);
    state.windows.set(change.record.walletId, list);
  }
};
