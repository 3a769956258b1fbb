import type { RecoveryGate } from '../recovery-gate';

/** Where there are no nodes that could be ahead of the database. */
export const OPEN_GATE: RecoveryGate = {
  refusal: () => null,
  opened: async () => {},
  recheck: () => {},
  close: async () => {},
};
