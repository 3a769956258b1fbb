import { type Change, RECORD_KINDS, type RecordKind, type Records, type WindowRecord } from './records';

/**
 * An organisation's replayed state, or the part of it a decision needs. `decide` functions only read it; `applyChanges` is
 * the one place that writes.
 */
export type OrgState = {
  readonly tables: { readonly [K in RecordKind]: Map<string, Records[K]> };
  /** Per wallet, in ledger order. */
  readonly windows: Map<string, WindowRecord[]>;
  /** Place in the chain of each activity with a window record; absent while it is not chained. */
  readonly places: Map<string, number>;
  /** Id of the permission that has a name now: names are taken by one permission each. */
  readonly permissionNames: Map<string, string>;
};

export const emptyState = (): OrgState => ({
  tables: Object.fromEntries(RECORD_KINDS.map((kind) => [kind, new Map()])) as unknown as OrgState['tables'],
  windows: new Map(),
  places: new Map(),
  permissionNames: new Map(),
});

/** The record, or undefined. */
export const find = <K extends RecordKind>(state: OrgState, kind: K, id: string): Records[K] | undefined =>
  state.tables[kind].get(id);

export const all = <K extends RecordKind>(state: OrgState, kind: K): Records[K][] => [...state.tables[kind].values()];

/** The first record, in the order they came, that fits; no list is made of them. */
export const findBy = <K extends RecordKind>(
  state: OrgState,
  kind: K,
  fits: (record: Records[K]) => boolean,
): Records[K] | undefined => {
  for (const record of state.tables[kind].values()) if (fits(record)) return record;
  return undefined;
};

/** Builds a change; the type ties the record to its kind. */
export const put = <K extends RecordKind>(kind: K, record: Records[K]): Change =>
  ({ kind, record }) as unknown as Change;

/** Writes the changes into the state, in order. */
export const applyChanges = (state: OrgState, changes: readonly Change[]): void => {
  for (const change of changes) {
    if (change.kind === 'permission') {
      const before = state.tables.permission.get(change.record.id);
      if (before && before.name !== change.record.name) state.permissionNames.delete(before.name);
      state.permissionNames.set(change.record.name, change.record.id);
    }
    (state.tables[change.kind] as Map<string, unknown>).set(change.record.id, change.record);
    if (change.kind !== 'window') continue;
    const list = state.windows.get(change.record.walletId) ?? [];
    const at = list.findLastIndex((item) => item.id === change.record.id);
    if (at >= 0) list[at] = change.record;
    else list.push(change.record);
    state.windows.set(change.record.walletId, list);
  }
};
