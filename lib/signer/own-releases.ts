import { find } from '@/lib/ledger/state';
import type { Alarms } from './alarms';
import type { ReplayDriver } from './replay-driver';
import type { Store } from './store';

/** How long a signature this node saw may be on its way into the ledger. */
export const RELEASE_PATIENCE_MS = 120_000;
/** How long an attempt may be made again in which this node gave its part and saw no signature. */
export const RETRY_PATIENCE_MS = 600_000;
export const RELEASE_MISSING = 'signer.release_missing';
export const RELEASE_UNKNOWN = 'signer.release_unknown';

export type OwnReleasesDeps = {
  readonly store: Store;
  readonly replay: ReplayDriver;
  readonly alarms: Alarms;
  readonly clock: () => number;
};

/**
 * Holds this node's journal against the ledger: a signature it helped to make and the ledger does not know of may have been used
 * behind the organisation's back. Where it gave its part and saw no signature, others may have made one of it: a release of the request, or
 * its end by `abandon`, must follow, or a cancel must have taken its place.
 */
export const createOwnReleases = ({ store, replay, alarms, clock }: OwnReleasesDeps): { compare(): void } => ({
  compare: () => {
    const now = clock();
    const rows = store.all(
      `SELECT nonce, ceremony, org, activity, digest, at, result, state FROM ceremony
       WHERE released = 1 AND found = 0 AND at <= ? ORDER BY at LIMIT 500`,
      now - RELEASE_PATIENCE_MS,
    );
    for (const { nonce, ceremony, org, activity, digest, at, result, state: attempt } of rows) {
      const isSeen = attempt === 'DONE';
      if (!isSeen && Number(at) > now - RETRY_PATIENCE_MS) continue;
      const orgId = String(org);
      const activityId = String(activity);
      const following = replay.find(orgId);
      if (!following.ok) continue;
      const { state, head } = following.value.replica;
      const record = find(state, 'activity', activityId);
      const { release, releasedBefore = [] } = record ?? {};
      const isReleased = release?.digest === digest || releasedBefore.includes(String(digest));
      const isEnded = release !== undefined || record?.status === 'Abandoned' || record?.supersededBy !== undefined;
      if (isReleased || (!isSeen && isEnded)) {
        store.run('UPDATE ceremony SET found = 1 WHERE nonce = ?', String(nonce));
        for (const code of [RELEASE_MISSING, RELEASE_UNKNOWN]) alarms.clear(orgId, code, activityId);
        continue;
      }
      if (!isSeen) {
        alarms.raise({
          orgId,
          code: RELEASE_UNKNOWN,
          subject: activityId,
          message: `This node gave its part of a signature for ${activityId} and saw none; neither a release nor an abandon followed.`,
          content: { ceremonyId: ceremony, activityId, digest, releasedAt: at, head },
          at: now,
        });
        continue;
      }
      alarms.raise({
        orgId,
        code: RELEASE_MISSING,
        subject: activityId,
        message: `A signature this node helped to make for ${activityId} is not in the ledger.`,
        content: { ceremonyId: ceremony, activityId, digest, signatureHash: result, signedAt: at, head },
        at: now,
      });
    }
  },
});
