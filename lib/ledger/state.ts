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
};

export const emptyState = (): OrgState => ({
  tables: Object.fromEntries(RECORD_KINDS.map((kind) => [kind, new Map()])) as unknown as OrgState['tables'],
  windows: new Map(),
  places: new Map(),
});

/** The record, or undefined. */
export const find = <K extends RecordKind>(state: OrgState, kind: K, id: string): Records[K] | undefined =>
  state.tables[kind].get(id);

export const all = <K extends RecordKind>(state: OrgState, kind: K): Records[K][] => [...state.tables[kind].values()];

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
