import type { RecordKind, Records } from '../records';
import type { OrgState } from '../state';

/** All records of a kind, also of kinds that a node may keep on disk: the states of tests are in memory as a whole. */
export const everyRecord = <K extends RecordKind>(state: OrgState, kind: K): Records[K][] => [
  ...(state.tables[kind] as unknown as ReadonlyMap<string, Records[K]>).values(),
];
