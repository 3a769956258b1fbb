import { find } from '@/lib/ledger/state';
import type { Alarms } from './alarms';
import type { ReplayDriver } from './replay-driver';
import type { Store } from './store';

/** How long a signature this node saw may be on its way into the ledger. */
export const RELEASE_PATIENCE_MS = 120_000;
export const RELEASE_MISSING = 'signer.release_missing';

export type OwnReleasesDeps = {
  readonly store: Store;
  readonly replay: ReplayDriver;
  readonly alarms: Alarms;
  readonly clock: () => number;
};

/**
 * Holds this node's journal against the ledger: a signature it helped to make and the ledger does not know of may have been used
 * behind the organisation's back. A share that led to no signature leaves nothing to find.
 */
export const createOwnReleases = ({ store, replay, alarms, clock }: OwnReleasesDeps): { compare(): void } => ({
  compare: () => {
    const rows = store.all(
      `SELECT nonce, ceremony, org, activity, digest, at, result FROM ceremony
       WHERE state = 'DONE' AND found = 0 AND at <= ? ORDER BY at LIMIT 500`,
      clock() - RELEASE_PATIENCE_MS,
    );
    for (const { nonce, ceremony, org, activity, digest, at, result } of rows) {
      const orgId = String(org);
      const activityId = String(activity);
      const following = replay.find(orgId);
      if (!following.ok) continue;
      const { state, head } = following.value.replica;
      const { release, releasedBefore = [] } = find(state, 'activity', activityId) ?? {};
      if (release?.digest === digest || releasedBefore.includes(String(digest))) {
        store.run('UPDATE ceremony SET found = 1 WHERE nonce = ?', String(nonce));
        alarms.clear(orgId, RELEASE_MISSING, activityId);
        continue;
      }
      alarms.raise({
        orgId,
        code: RELEASE_MISSING,
        subject: activityId,
        message: `A signature this node helped to make for ${activityId} is not in the ledger.`,
        content: { ceremonyId: ceremony, activityId, digest, signatureHash: result, signedAt: at, head },
        at: clock(),
      });
    }
  },
});
