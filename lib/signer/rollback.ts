import type { NodeCertificate } from '@/lib/ledger/genesis';
import { acceptHash } from '@/lib/transport/accept';
import { verifyEd25519 } from '@/lib/transport/keys';
import { type Hello, helloHash } from '@/lib/transport/messages';
import { type NodeAlarm, QUARANTINED } from './alarms';
import type { Journal } from './journal';
import type { ReserveFloor } from './reserve-floor';
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
  readonly floor: Pick<ReserveFloor, 'hear'>;
  /** What this process asks its peers to sign over. */
  readonly asks: string;
  readonly clock: () => number;
  readonly log: (level: 'error', message: string, fields: object) => void;
  readonly alarm: NodeAlarm;
  /** Told when the node goes into quarantine. */
  readonly changed: () => void;
};

/** A signed HELLO of a peer, as the relay passes it on. */
type Report = { readonly challenge: string; readonly hello: Hello; readonly signature: string };

/** Notices that this node's store is an old copy; from then on it signs nothing until an operator decides. */
export type RollbackGuard = {
  isQuarantined(): boolean;
  hear(reports: readonly Report[]): void;
  /**
   * Whether k − 1 of these nodes have said, since this process began, what they remember of this node. Before that its store may be an
   * old copy without its knowing.
   */
  hasHeard(peers: readonly NodeCertificate[]): boolean;
  /**
   * Whether every other node in force has said since this process began how far it holds each ledger, and this one holds all of it as they
   * do. Whoever carries the words can keep one back: then it is not known.
   */
  holdsWhatPeersHold(holds: (orgId: string, head: { readonly seq: number; readonly hash: string }) => boolean): boolean;
  /** Told that a checkpoint in a ledger bears this node's signature, which its store does not know of. */
  foundOwnCheckpoint(orgId: string, seq: number): void;
  /** Weighs what was heard again, now that this node follows more ledgers: one whose store is empty knows no peer at first. */
  look(): void;
  /** The highest own counter a peer has shown to remember. */
  highestReported(): number;
};

/**
 * A node learns that its store is an old copy (specification 7.4, rule 5) from what it signed itself and does not remember — an
 * acceptance that a peer kept, a checkpoint in a ledger —, for which one who shows it is enough; or from k − 1 peers whose word it is
 * that they have seen it count further.
 */
export const createRollbackGuard = (deps: RollbackDeps): RollbackGuard => {
  const { node, k, store, journal, members, ownKey, floor, asks, clock, log, alarm, changed } = deps;
  const isQuarantined = (): boolean => store.get("SELECT value FROM setting WHERE name = 'quarantine'") !== undefined;

  const highestReported = (): number =>
    Number(store.get("SELECT value FROM setting WHERE name = 'counterReported'")?.value ?? 0);
  const noteReported = (counter: number): void => {
    if (counter > highestReported())
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('counterReported', ?)", String(counter));
  };
  /** What each node number last said, where its signature held; who may speak for the number is asked when it is weighed. */
  const reports = new Map<number, Report>();

  const quarantine = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    if (isQuarantined()) return;
    store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('quarantine', ?)", String(clock()));
    log(
      'error',
      `ALERT: ${message} This node's store is an old copy; it signs nothing until an operator decides.`,
      fields,
    );
    alarm(QUARANTINED, ownKey, `This node is in quarantine: ${message}`, fields);
    changed();
  };

  const look = (): void => {
    const ahead = new Set<number>();
    const known = members();
    for (const { challenge, hello: said } of reports.values()) {
      const isPeer = known.some(
        (peer) => peer.node === said.node && peer.node !== node && peer.signingKey === said.certificate.signingKey,
      );
      if (!isPeer) continue;
      if (challenge === asks) floor.hear(said.certificate.signingKey, said.heads);
      const remembered = said.counters[ownKey] ?? 0;
      if (remembered <= journal.counter()) continue;
      ahead.add(said.node);
      noteReported(remembered);
    }
    if (ahead.size >= k - 1) quarantine('peers have seen counters this node does not remember.', { peers: [...ahead] });
  };

  /** An acceptance under this node's own key, further than its journal goes. */
  const lookAtOwn = ({ hello: said }: Report): void => {
    for (const { accept, signature } of said.acceptances ?? []) {
      if (accept.node !== node || accept.counter <= journal.counter()) continue;
      if (!verifyEd25519(ownKey, acceptHash(accept), signature)) continue;
      noteReported(accept.counter);
      quarantine('a peer has shown an acceptance this node signed and does not remember.', {
        peers: [said.node],
        counter: accept.counter,
      });
    }
  };

  const hear: RollbackGuard['hear'] = (heard) => {
    for (const report of heard) {
      const { challenge, hello: said, signature } = report;
      if (!verifyEd25519(said.certificate.signingKey, helloHash(challenge, said), signature)) continue;
      lookAtOwn(report);
      // What was said before this process began does not take the place of what was said since.
      if (challenge === asks || reports.get(said.node)?.challenge !== asks) reports.set(said.node, report);
    }
    look();
  };

  const hasHeard: RollbackGuard['hasHeard'] = (peers) =>
    peers.filter((peer) => {
      const report = peer.node === node ? undefined : reports.get(peer.node);
      return report?.challenge === asks && report.hello.certificate.signingKey === peer.signingKey;
    }).length >=
    k - 1;

  const holdsWhatPeersHold: RollbackGuard['holdsWhatPeersHold'] = (holds) => {
    const peers = members().filter((peer) => peer.node !== node);
    return (
      peers.length > 0 &&
      peers.every((peer) => {
        const report = reports.get(peer.node);
        if (report?.challenge !== asks || report.hello.certificate.signingKey !== peer.signingKey) return false;
        return Object.entries(report.hello.heads).every(([orgId, head]) => holds(orgId, head));
      })
    );
  };

  const foundOwnCheckpoint: RollbackGuard['foundOwnCheckpoint'] = (orgId, seq) =>
    quarantine('a ledger holds a checkpoint this node signed and does not remember.', { orgId, seq });

  return { isQuarantined, hear, hasHeard, holdsWhatPeersHold, look, highestReported, foundOwnCheckpoint };
};
