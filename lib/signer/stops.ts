import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { entryHash } from '@/lib/ledger/entry';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { HeldEntry } from '@/lib/ledger/recovery';
import { emptyReplica, extendReplica } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import type { Store } from './store';

/** What became of a stopped ledger: from which entry on this node's own branch was left, and how many entries of it are kept as evidence. */
export type ClearedStop = { readonly reason: string; readonly leftFrom: number | null; readonly kept: number };

/** The last entry this node has signed a checkpoint over, or −1. */
const signedUpTo = (store: Store, orgId: string): number =>
  Number(store.get('SELECT MAX(seq) AS seq FROM witnessed WHERE org = ?', orgId)?.seq ?? -1);

const stopOf = (store: Store, orgId: string): string | null => {
  const row = store.get('SELECT reason FROM stopped WHERE org = ?', orgId);
  return row ? String(row.reason) : null;
};

const notStopped = () => refused(409, 'signer.not_stopped', 'This node has not stopped following that ledger.');

/** Takes entries out of the ledger and keeps each as evidence. The state is made again from what is left at the next start. */
const leave = (store: Store, orgId: string, from: number, now: number): number => {
  const kept = store.run(
    "INSERT INTO evidence (kind, subject, at, content) SELECT 'left-entry', org, ?, bytes FROM entry WHERE org = ? AND seq >= ? ORDER BY seq",
    now,
    orgId,
    from,
  );
  store.run('DELETE FROM entry WHERE org = ? AND seq >= ?', orgId, from);
  return kept;
};

/** The evidence stays; the alarm is told again should it stop once more. */
const lift = (store: Store, orgId: string, now: number, reason: string): void => {
  store.run(
    "INSERT INTO evidence (kind, subject, at, content) VALUES ('stop-cleared', ?, ?, ?)",
    orgId,
    now,
    Buffer.from(reason),
  );
  store.run('DELETE FROM stopped WHERE org = ?', orgId);
  store.run('DELETE FROM alarm WHERE org = ? AND subject = ?', orgId, orgId);
};

/**
 * An operator's word that a stopped ledger may be followed again. This node gives up what it holds above the last checkpoint it signed,
 * because nobody rests on that, and takes those entries anew from the server. The node is stopped meanwhile.
 */
export const clearStop = (store: Store, orgId: string, now: number): Outcome<ClearedStop> => {
  const reason = stopOf(store, orgId);
  if (reason === null) return notStopped();
  // Entry 0 stays: another genesis is another organisation.
  const from = Math.max(signedUpTo(store, orgId) + 1, 1);
  return store.transaction(() => {
    const kept = leave(store, orgId, from, now);
    lift(store, orgId, now, reason);
    return accepted({ reason, leftFrom: kept > 0 ? from : null, kept });
  });
};

/** Hash of the entry this node holds at that place, or null. */
const heldHash = (store: Store, orgId: string, seq: number): string | null => {
  const row = store.get('SELECT bytes FROM entry WHERE org = ? AND seq = ?', orgId, seq);
  return row ? entryHash(row.bytes as Uint8Array) : null;
};

/** A history replayed from its first entry, and where it first differs from what this node holds; its length when it doesn't. */
const replayBranch = (
  store: Store,
  orgId: string,
  branch: Iterable<HeldEntry>,
  ports: LedgerPorts,
): Outcome<{ readonly parting: number; readonly witnessed: number }> => {
  const replica = emptyReplica(orgId);
  let parting: number | null = null;
  let seq = 0;
  for (const { bytes, body } of branch) {
    const extension = extendReplica(replica, bytes, body, ports);
    if (extension.kind === 'broken')
      return refused(409, 'signer.branch_broken', `The other history does not replay: ${extension.reason}`);
    if (parting === null && heldHash(store, orgId, seq) !== entryHash(bytes)) parting = seq;
    seq += 1;
  }
  return accepted({ parting: parting ?? seq, witnessed: find(replica.state, 'checkpoint', 'last')?.seq ?? -1 });
};

/**
 * Leaves this node's own branch of a stopped ledger for another one (design §4.3). What the node has signed a checkpoint over it leaves
 * only for a branch that replays and in which a checkpoint of k nodes covers the place where the two part and everything signed here.
 * @param branch The other history, whole, from entry 0 on.
 */
export const takeBranch = (
  store: Store,
  orgId: string,
  branch: Iterable<HeldEntry>,
  deps: { readonly ports: LedgerPorts; readonly now: number },
): Outcome<ClearedStop> => {
  const reason = stopOf(store, orgId);
  if (reason === null) return notStopped();
  const replayed = replayBranch(store, orgId, branch, deps.ports);
  if (!replayed.ok) return replayed;
  const { parting, witnessed } = replayed.value;
  if (parting === 0)
    return refused(
      409,
      'signer.branch_foreign',
      'The other history does not begin with the genesis this node follows.',
    );
  const signed = signedUpTo(store, orgId);
  if (signed >= parting && (witnessed < parting || witnessed < signed))
    return refused(
      409,
      'signer.branch_unwitnessed',
      `This node has signed a checkpoint over entry ${signed} of its own history, which parts from the other one at entry ${parting}. It leaves that only for a history with a checkpoint of k nodes that reaches so far; the other one's reaches to entry ${witnessed}.`,
    );
  return store.transaction(() => {
    const kept = leave(store, orgId, parting, deps.now);
    let seq = 0;
    for (const { bytes, body } of branch) {
      if (seq >= parting)
        store.run('INSERT INTO entry (org, seq, bytes, body) VALUES (?, ?, ?, ?)', orgId, seq, bytes, body);
      seq += 1;
    }
    lift(store, orgId, deps.now, reason);
    return accepted({ reason, leftFrom: kept > 0 ? parting : null, kept });
  });
};

/** Entries this node holds below `from`, then those it was offered, a few in memory at a time. */
const offeredBranch = (store: Store, orgId: string, from: number): Iterable<HeldEntry> => ({
  *[Symbol.iterator]() {
    for (const [table, first, end] of [
      ['entry', 0, from],
      ['offered_entry', from, Number.MAX_SAFE_INTEGER],
    ] as const)
      for (let at: number = first; at < end; ) {
        const rows = store.all(
          `SELECT bytes, body FROM ${table} WHERE org = ? AND seq >= ? AND seq < ? ORDER BY seq`,
          orgId,
          at,
          Math.min(at + 200, end),
        );
        if (rows.length === 0) break;
        for (const row of rows) yield { bytes: row.bytes as Uint8Array, body: row.body as Uint8Array };
        at += rows.length;
      }
  },
});

/** The last checkpoint of k nodes that stands in this node's own branch: the entry it reaches to. */
const ownWitnessedUpTo = (store: Store, orgId: string): number => {
  const row = store.get("SELECT record FROM state_record WHERE org = ? AND kind = 'checkpoint' AND id = 'last'", orgId);
  return row ? (JSON.parse(String(row.record)) as { seq: number }).seq : -1;
};

/**
 * Leaves the own branch of a stopped ledger by itself for the one it was offered, as `takeBranch` would by an operator's word, but only
 * for a branch in which a checkpoint of k nodes covers the place where the two part, and only when no checkpoint of k nodes stands
 * beyond that place in its own: where k nodes witnessed both, some have signed both, and an operator has to decide.
 * @param from The first entry that was offered.
 */
export const takeOffered = (
  store: Store,
  orgId: string,
  from: number,
  deps: { readonly ports: LedgerPorts; readonly now: number },
): Outcome<ClearedStop> => {
  if (stopOf(store, orgId) === null) return notStopped();
  const branch = offeredBranch(store, orgId, from);
  const replayed = replayBranch(store, orgId, branch, deps.ports);
  if (!replayed.ok) return replayed;
  const { parting, witnessed } = replayed.value;
  if (heldHash(store, orgId, parting) === null)
    return refused(409, 'signer.branch_same', 'The other history holds all of this node’s own: nothing is to be left.');
  if (witnessed < parting)
    return refused(409, 'signer.branch_unwitnessed', 'No checkpoint of k nodes covers where the other history parts.');
  if (ownWitnessedUpTo(store, orgId) >= parting)
    return refused(
      409,
      'signer.branch_contested',
      'k nodes witnessed this node’s own history too: an operator has to decide (signer -- clear-stop).',
    );
  return takeBranch(store, orgId, branch, deps);
};
