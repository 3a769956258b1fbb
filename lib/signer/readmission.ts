import type { Journal } from './journal';
import type { RollbackGuard } from './rollback';
import type { Store } from './store';
import type { Watch } from './watch';

/**
 * An operator's word that a node in quarantine may come back. The node is stopped meanwhile. Its pair set-ups are burned: a copy of
 * their state may have been used since. @returns false when the node is not in quarantine.
 */
export const allowReadmission = (store: Store, now: number): boolean => {
  if (store.get("SELECT value FROM setting WHERE name = 'quarantine'") === undefined) return false;
  store.transaction(() => {
    store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('readmit', ?)", String(now));
    store.run("UPDATE pair SET state = 'BURNED', sealed = NULL WHERE state = 'READY'");
  });
  return true;
};

/** When this node came back from quarantine, unix ms; what was reserved before it may have released and forgotten. Null if never. */
export const recoveredAt = (store: Store): number | null => {
  const value = store.get("SELECT value FROM setting WHERE name = 'recoveredAt'")?.value;
  return value === undefined ? null : Number(value);
};

export type ReadmissionDeps = {
  readonly store: Store;
  readonly journal: Journal;
  readonly rollback: RollbackGuard;
  readonly watch: Watch;
  readonly k: number;
  readonly clock: () => number;
  readonly log: (level: 'info' | 'warn', message: string, fields: object) => void;
  readonly changed: () => void;
};

/**
 * Ends the quarantine once an operator allowed it and k − 1 peers have just signed that every ledger is as this node holds it, and
 * none that there is more of it. Its counter goes on above the highest that any peer remembers.
 */
export const createReadmission = (deps: ReadmissionDeps): { look(): void } => ({
  look: () => {
    const { store, journal, rollback, watch, k, clock, log, changed } = deps;
    if (!rollback.isQuarantined()) return;
    if (store.get("SELECT value FROM setting WHERE name = 'readmit'") === undefined) return;
    if (!watch.isCaughtUp(k - 1)) return;
    const now = clock();
    store.transaction(() => {
      journal.goOnAbove(rollback.highestReported());
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('recoveredAt', ?)", String(now));
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('madeAt', ?)", String(now));
      store.run("DELETE FROM setting WHERE name IN ('quarantine', 'readmit')");
    });
    log('warn', 'This node has caught up with its peers and leaves quarantine, as the operator allowed.', {
      counter: journal.counter(),
    });
    changed();
  },
});
