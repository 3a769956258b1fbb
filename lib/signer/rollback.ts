import type { NodeCertificate } from '@/lib/ledger/genesis';
import { verifyEd25519 } from '@/lib/transport/keys';
import { type Hello, helloHash } from '@/lib/transport/messages';
import type { Journal } from './journal';
import type { Store } from './store';

export type RollbackDeps = {
  readonly node: number;
  readonly k: number;
  readonly store: Store;
  readonly journal: Journal;
  /** Nodes in force of the organisations this node signs for. */
  readonly members: () => readonly NodeCertificate[];
  /** This node's own identity key, hex. */
  readonly ownKey: string;
  readonly clock: () => number;
  readonly log: (level: 'error', message: string, fields: object) => void;
  /** Told when the node goes into quarantine. */
  readonly changed: () => void;
};

/** A signed HELLO of a peer, as the relay passes it on. */
type Report = { readonly challenge: string; readonly hello: Hello; readonly signature: string };

/** Notices that this node's store is an old copy; from then on it signs nothing until an operator decides. */
export type RollbackGuard = {
  isQuarantined(): boolean;
  hear(reports: readonly Report[]): void;
  /** Weighs what was heard again, now that this node follows more ledgers: one whose store is empty knows no peer at first. */
  look(): void;
  /** The highest own counter a peer has shown to remember. */
  highestReported(): number;
};

export const createRollbackGuard = (deps: RollbackDeps): RollbackGuard => {
  const { node, k, store, journal, members, ownKey, clock, log, changed } = deps;
  const isQuarantined = (): boolean => store.get("SELECT value FROM setting WHERE name = 'quarantine'") !== undefined;

  const highestReported = (): number =>
    Number(store.get("SELECT value FROM setting WHERE name = 'counterReported'")?.value ?? 0);
  const reports = new Map<number, Report>();

  /** Rollback of this node's store: at least k − 1 peers remember a higher counter than it does (specification 7.4, rule 5). */
  const look = (): void => {
    const ahead = new Set<number>();
    const known = members();
    for (const { challenge, hello: said, signature } of reports.values()) {
      const isPeer = known.some(
        (peer) => peer.node === said.node && peer.node !== node && peer.signingKey === said.certificate.signingKey,
      );
      if (!isPeer || !verifyEd25519(said.certificate.signingKey, helloHash(challenge, said), signature)) continue;
      const remembered = said.counters[ownKey] ?? 0;
      if (remembered <= journal.counter()) continue;
      ahead.add(said.node);
      if (remembered > highestReported())
        store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('counterReported', ?)", String(remembered));
    }
    if (ahead.size >= k - 1 && !isQuarantined()) {
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('quarantine', ?)", String(clock()));
      log(
        'error',
        'ALERT: peers have seen counters this node does not remember. Its store is an old copy; it signs nothing until an operator decides.',
        { peers: [...ahead] },
      );
      changed();
    }
  };

  const hear: RollbackGuard['hear'] = (heard) => {
    for (const report of heard) reports.set(report.hello.node, report);
    look();
  };

  return { isQuarantined, hear, look, highestReported };
};
