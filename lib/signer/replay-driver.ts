import { accepted, type Outcome, refused, unreachable } from '@/lib/domain/refusal';
import type { Checkpoint } from '@/lib/evidence/checkpoint';
import type { Genesis, NodeCertificate } from '@/lib/ledger/genesis';
import { certificatesInForce, isSameIdentity } from '@/lib/ledger/nodes';
import type { Replica } from '@/lib/ledger/replay';
import type { Table } from '@/lib/ledger/state';
import { MOST_VOIDS, type ShownTestimony } from '@/lib/ledger/testimony';
import { type Page, pageOf } from '@/lib/transport/entry-pages';
import { createEntryTaking, type FeedEntry, type TakingDeps } from './entry-taking';
import { createRecentRecords } from './recent-records';
import { createReplicaStore } from './replica-store';

export type ReplayDeps = TakingDeps & {
  readonly clock: () => number;
  /** Told when a ledger is stopped, with the evidence that was kept. */
  readonly onStopped?: (orgId: string, code: StopCode, reason: string, evidence: Uint8Array) => void;
  /** How many records of all ledgers are held in memory beside those that must be. */
  readonly recentRecords?: number;
};

/** One organisation as this node has verified it. */
export type Following = {
  readonly replica: Replica;
  readonly genesis: Genesis;
  /** Checkpoint entries of the chain, newest last, the last 50. */
  readonly checkpoints: readonly Checkpoint[];
  /** Place of the last reserve entry of each activity. */
  readonly reservedAt: Pick<Table<number>, 'get'>;
};

/** Why a ledger is no longer followed: it does not replay, a second entry was shown, or a peer signed another history. */
export type StopCode = 'signer.ledger_broken' | 'signer.ledger_fork' | 'signer.fork';

/** The node's own copy of every ledger: accepts only extensions of its heads, and is on the disk before it answers. */
export type ReplayDriver = {
  /**
   * Validates and stores entries in order. Entries it already holds are skipped after a comparison.
   * @param testimony Of nodes that have verified the entries: what they say held is not verified again. One that proves nothing is ignored.
   */
  extend(
    orgId: string,
    items: readonly FeedEntry[],
    testimony?: ShownTestimony,
  ): Outcome<{ readonly seq: number; readonly hash: string } | null>;
  /** Void entries up to `seq`, ascending; null when there are too many to tell. */
  voidsUpTo(orgId: string, seq: number): readonly number[] | null;
  /** The organisation as this node signs for it; refused while its own certificate is not in force there. */
  find(orgId: string): Outcome<Following>;
  /** Whether the certificate is in force at this node's head of the ledger. */
  isInForce(orgId: string, certificate: NodeCertificate): boolean;
  organisations(): readonly string[];
  head(orgId: string): { readonly seq: number; readonly hash: string } | null;
  /** Hash of the stored entry at that place, or null. */
  hashAt(orgId: string, seq: number): string | null;
  /** A page of the stored entries, for a server that lost them. A ledger this node no longer follows can be read too. */
  read(orgId: string, seq: number, offset: number): Page;
  /** Stops following, for good, and keeps the evidence. */
  stop(orgId: string, reason: string, evidence: Uint8Array, code?: StopCode): void;
  /** Follows a ledger again whose stop was lifted in the store, as the store has it now. */
  takeUpAgain(orgId: string): void;
  stopped(): readonly { readonly orgId: string; readonly reason: string }[];
  /** Gaps are forgiven when the node connects again: the feed then starts at its head. */
  forgetGaps(): void;
  voids(): number;
};

const RECENT_RECORDS = 4096;

export const createReplayDriver = (deps: ReplayDeps): ReplayDriver => {
  const { store, configuration, clock, log } = deps;
  const replicas = createReplicaStore(store, createRecentRecords(deps.recentRecords ?? RECENT_RECORDS));
  const { following, hashAt, headOf, takeShown, resume } = createEntryTaking(deps, replicas);
  const stopped = new Map<string, string>();
  const gaps = new Set<string>();

  const stop: ReplayDriver['stop'] = (orgId, reason, evidence, code = 'signer.ledger_broken') => {
    log('error', 'Ledger stopped: this node signs nothing more for the organisation.', { orgId, reason });
    store.transaction(() => {
      store.run(
        'INSERT INTO evidence (kind, subject, at, content) VALUES (?, ?, ?, ?)',
        'ledger',
        orgId,
        clock(),
        evidence,
      );
      store.run('INSERT OR REPLACE INTO stopped (org, reason, at) VALUES (?, ?, ?)', orgId, reason, clock());
    });
    stopped.set(orgId, reason);
    deps.onStopped?.(orgId, code, reason, evidence);
  };

  const resumeAll = (): void => {
    for (const row of store.all('SELECT org, reason FROM stopped')) stopped.set(String(row.org), String(row.reason));
    for (const { org } of store.all('SELECT DISTINCT org FROM entry')) resume(String(org));
  };

  const extend: ReplayDriver['extend'] = (orgId, items, testimony) => {
    const reason = stopped.get(orgId);
    if (reason !== undefined)
      return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
    if (gaps.has(orgId))
      return refused(409, 'signer.ledger_gap', 'A gap was fed; this node waits for a new connection.');
    const taken = takeShown(orgId, items, testimony);
    switch (taken.kind) {
      case 'taken':
        return accepted(headOf(orgId));
      case 'fork':
        stop(orgId, `a second entry ${taken.item.seq} was shown`, taken.item.bytes, 'signer.ledger_fork');
        return refused(409, 'signer.ledger_fork', `A second entry ${taken.item.seq} was shown.`);
      case 'gap': {
        const { expected, got } = taken;
        gaps.add(orgId);
        log('error', 'Gap in the feed: replay of the organisation is halted.', { orgId, expected, got });
        return refused(409, 'signer.ledger_gap', `Entry ${expected} was expected, and ${got} came.`);
      }
      case 'broken':
        if (taken.item.seq > 0) stop(orgId, taken.reason, taken.item.bytes);
        else log('warn', 'Genesis not accepted.', { orgId, reason: taken.reason });
        return refused(409, taken.item.seq > 0 ? 'signer.ledger_broken' : 'signer.genesis_refused', taken.reason);
      default:
        return unreachable(taken);
    }
  };

  const isInForce: ReplayDriver['isInForce'] = (orgId, certificate) => {
    const found = following.get(orgId);
    return (
      found !== undefined && certificatesInForce(found.replica.state).some((one) => isSameIdentity(one, certificate))
    );
  };

  resumeAll();
  return {
    isInForce,
    extend,
    read: (orgId, seq, offset) =>
      pageOf({ seq, offset }, (at) => {
        const row = store.get('SELECT bytes, body FROM entry WHERE org = ? AND seq = ?', orgId, at);
        return row ? { bytes: row.bytes as Uint8Array, body: row.body as Uint8Array } : null;
      }),
    voidsUpTo: (orgId, seq) => {
      const voids = replicas.voidsUpTo(orgId, seq, MOST_VOIDS + 1);
      return voids.length > MOST_VOIDS ? null : voids;
    },
    hashAt,
    stop,
    find: (orgId) => {
      const reason = stopped.get(orgId);
      if (reason !== undefined)
        return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
      if (gaps.has(orgId)) return refused(409, 'signer.ledger_gap', 'The feed had a gap.');
      const found = following.get(orgId);
      if (!found) return refused(409, 'signer.unknown_organisation', 'This node does not follow the organisation.');
      return isInForce(orgId, configuration.certificate)
        ? accepted(found)
        : refused(
            409,
            'signer.not_in_force',
            "This node's certificate is not the one in force in the organisation: it follows the ledger and signs nothing. Put it in force on the console's page Signers.",
          );
    },
    takeUpAgain: (orgId) => {
      stopped.delete(orgId);
      gaps.delete(orgId);
      following.delete(orgId);
      resume(orgId);
    },
    organisations: () => [...following.keys()],
    head: headOf,
    stopped: () => [...stopped].map(([orgId, reason]) => ({ orgId, reason })),
    forgetGaps: () => gaps.clear(),
    voids: () => [...following.values()].reduce((sum, one) => sum + one.voids, 0),
  };
};
