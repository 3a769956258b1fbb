import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { abandonHash, type Checkpoint, checkpointHash } from '@/lib/evidence/checkpoint';
import { rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { testimonyHash } from '@/lib/ledger/testimony';
import type { ReplayDriver } from './replay-driver';
import type { ReserveFloor } from './reserve-floor';
import type { Store } from './store';

export type WitnessDeps = {
  readonly store: Store;
  readonly replay: ReplayDriver;
  readonly floor: Pick<ReserveFloor, 'abandons'>;
  readonly clock: () => number;
  readonly sign: (hash: Uint8Array) => string;
  /** Whether k nodes say by a heartbeat of the last 30 s that they hold the ledger as this one does, up to `seq` or further. */
  readonly covers?: (orgId: string, seq: number) => boolean;
};

/**
 * What a node signs besides ceremonies. Everything here is synchronous and commits before it returns, and so does the judgement
 * before a release: that is the lock under which checkpoints, promises and releases exclude each other.
 */
export type Witness = {
  signCheckpoint(checkpoint: Checkpoint): Outcome<{ readonly signature: string }>;
  signAbandon(orgId: string, activityId: string): Outcome<{ readonly signature: string }>;
  /** What this node found of the entries up to `seq`, all of which it has replayed. */
  testify(
    orgId: string,
    seq: number,
  ): Outcome<{ readonly root: string; readonly voids: number[]; readonly signature: string }>;
  /** Checkpoints of the ledger that this node signed at most 30 s ago by its own clock, or signed and heard renewed by a heartbeat of k nodes. */
  freshCheckpoints(orgId: string): readonly Checkpoint[];
  /** Whether this node has promised never to release (again) for the activity. */
  hasPromised(orgId: string, activityId: string): boolean;
};

export const MAX_CLOCK_DIFFERENCE_MS = 120_000;
export const CHECKPOINT_FRESH_MS = 30_000;

export const createWitness = ({ store, replay, floor, clock, sign, covers = () => false }: WitnessDeps): Witness => {
  const hasReleased = (orgId: string, activityId: string): boolean =>
    store.get('SELECT 1 AS yes FROM ceremony WHERE org = ? AND activity = ? AND released = 1', orgId, activityId) !==
    undefined;

  return {
    signCheckpoint: (checkpoint) => {
      const { orgId, seq, root, at } = checkpoint;
      const following = replay.find(orgId);
      if (!following.ok) return following;
      const head = following.value.replica.head;
      if (head === null || head.seq < seq)
        return refused(409, 'signer.checkpoint_ahead', `This node has not stored entry ${seq} yet.`);
      if (rootAt(following.value.replica, seq) !== root)
        return refused(409, 'signer.checkpoint_root', `The root at entry ${seq} is not this node's.`);
      const now = clock();
      if (Math.abs(at - now) > MAX_CLOCK_DIFFERENCE_MS) {
        return refused(
          409,
          'signer.checkpoint_clock',
          `The checkpoint's time is ${Math.round((at - now) / 1000)} s away from this node's clock.`,
        );
      }
      const last = store.get('SELECT MAX(at) AS at FROM witnessed WHERE org = ?', orgId)?.at;
      if (typeof last === 'number' && at < last)
        return refused(
          409,
          'signer.checkpoint_earlier',
          "The checkpoint's time is before that of the last one signed.",
        );
      store.transaction(() => {
        store.run(
          'INSERT OR REPLACE INTO witnessed (org, seq, root, at, signed_at) VALUES (?, ?, ?, ?, ?)',
          orgId,
          seq,
          root,
          at,
          now,
        );
        // The newest stays for good: it is the floor of the next one's time.
        store.run(
          'DELETE FROM witnessed WHERE org = ? AND at < ? AND signed_at < ?',
          orgId,
          at,
          now - 10 * CHECKPOINT_FRESH_MS,
        );
      });
      return accepted({ signature: sign(checkpointHash(checkpoint)) });
    },

    testify: (orgId, seq) => {
      const following = replay.find(orgId);
      if (!following.ok) return following;
      const root = rootAt(following.value.replica, seq);
      if (root === null) return refused(409, 'signer.checkpoint_ahead', `This node has not stored entry ${seq} yet.`);
      const voids = replay.voidsUpTo(orgId, seq);
      if (voids === null)
        return refused(409, 'signer.too_many_voids', 'The ledger holds more void entries than a testimony can name.');
      return accepted({ root, voids: [...voids], signature: sign(testimonyHash({ orgId, seq, root, voids })) });
    },

    signAbandon: (orgId, activityId) => {
      const following = replay.find(orgId);
      if (!following.ok) return following;
      const activity = find(following.value.replica.state, 'activity', activityId);
      if (activity?.status !== 'Reserved')
        return refused(
          409,
          'signer.abandon_not_reserved',
          'Only a reserved activity without a signature is abandoned.',
        );
      if (hasReleased(orgId, activityId))
        return refused(
          409,
          'signer.abandon_released',
          'This node has released its part of a signature for the activity.',
        );
      const reservedAt = following.value.reservedAt.get(activityId);
      if (reservedAt === undefined || reservedAt <= floor.abandons(orgId)) {
        return refused(
          409,
          'signer.abandon_older',
          "The reservation is older than this node's store: it can't know what it released before.",
        );
      }
      store.run(
        "INSERT OR IGNORE INTO promise (org, activity, kind, at) VALUES (?, ?, 'abandon', ?)",
        orgId,
        activityId,
        clock(),
      );
      return accepted({ signature: sign(abandonHash(orgId, activityId)) });
    },

    freshCheckpoints: (orgId) => {
      const following = replay.find(orgId);
      if (!following.ok) return [];
      const signed = store.all('SELECT seq, root, at, signed_at FROM witnessed WHERE org = ?', orgId);
      const since = clock() - CHECKPOINT_FRESH_MS;
      return following.value.checkpoints.filter((checkpoint) =>
        signed.some(
          (row) =>
            row.seq === checkpoint.seq &&
            row.root === checkpoint.root &&
            row.at === checkpoint.at &&
            (Number(row.signed_at) >= since || covers(orgId, checkpoint.seq)),
        ),
      );
    },

    hasPromised: (orgId, activityId) =>
      store.get('SELECT 1 AS yes FROM promise WHERE org = ? AND activity = ?', orgId, activityId) !== undefined,
  };
};
