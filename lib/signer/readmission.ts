import type { Journal } from './journal';
import type { ReplayDriver } from './replay-driver';
import type { ReserveFloor } from './reserve-floor';
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

export type ReadmissionDeps = {
  readonly store: Store;
  readonly journal: Journal;
  readonly rollback: RollbackGuard;
  readonly watch: Watch;
  readonly replay: Pick<ReplayDriver, 'hashAt'>;
  readonly floor: Pick<ReserveFloor, 'comeBack'>;
  readonly k: number;
  readonly clock: () => number;
  readonly log: (level: 'info' | 'warn', message: string, fields: object) => void;
  /** Told that the node is in service again. */
  readonly readmitted: () => void;
  readonly changed: () => void;
};

/**
 * Ends the quarantine once an operator allowed it, k − 1 peers have just signed that every ledger is as this node holds it, and every other
 * node in force has said over what this process asks how far it holds each, and none holds more. Its counter goes on above the highest
 * that any peer remembers.
 * SECURITY: a heartbeat alone says nothing about what is missing: a peer that is shown an older head of its own ledger signs that one, so a
 * relay could have everybody agree on the very place to which this node was rolled back. What a peer says of itself no relay chooses.
 */
export const createReadmission = (deps: ReadmissionDeps): { look(): void } => ({
  look: () => {
    const { store, journal, rollback, watch, replay, floor, k, clock, log, readmitted, changed } = deps;
    if (!rollback.isQuarantined()) return;
    if (store.get("SELECT value FROM setting WHERE name = 'readmit'") === undefined) return;
    if (!watch.isCaughtUp(k - 1)) return;
    if (!rollback.holdsWhatPeersHold((orgId, { seq, hash }) => replay.hashAt(orgId, seq) === hash)) return;
    const now = clock();
    store.transaction(() => {
      journal.goOnAbove(rollback.highestReported());
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('recoveredAt', ?)", String(now));
      floor.comeBack();
      store.run("DELETE FROM setting WHERE name IN ('quarantine', 'readmit')");
    });
    log('warn', 'This node has caught up with its peers and leaves quarantine, as the operator allowed.', {
      counter: journal.counter(),
    });
    readmitted();
    changed();
  },
});
