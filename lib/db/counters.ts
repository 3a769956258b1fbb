import type { IdentityStore } from '@/lib/authentication/ports';
import type { Db } from '@/lib/db/client';

/** Signature counters of passkeys (WebAuthn level 2, section 6.1.1): one that moves must rise; zero on both sides never moves. */
export const credentialCounters = ({ pool }: Pick<Db, 'pool'>): Pick<IdentityStore, 'raiseCounter'> => ({
  raiseCounter: async (credentialId, counter) => {
    const { rowCount } = await pool.query(
      `INSERT INTO credential_counters (credential_id, counter) VALUES ($1, $2)
       ON CONFLICT (credential_id) DO UPDATE SET counter = excluded.counter
       WHERE credential_counters.counter < excluded.counter OR (credential_counters.counter = 0 AND excluded.counter = 0)`,
      [credentialId, counter],
    );
    return rowCount === 1;
  },
});

/**
 * Token buckets by the database's clock, one statement per request, exact over any number of servers. A refused request costs
 * nothing: it leaves the bucket as it is, so that somebody who keeps asking is served again once it refills.
 */
export const rateBuckets = ({ pool }: Pick<Db, 'pool'>): Pick<IdentityStore, 'takeRequest'> => ({
  takeRequest: async (bucketId, perMinute) => {
    const { rowCount } = await pool.query(
      `INSERT INTO rate_buckets AS bucket (id, tokens, updated_at) VALUES ($1, $2::float8 - 1, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET tokens = ${REFILLED} - 1, updated_at = clock_timestamp() WHERE ${REFILLED} >= 1`,
      [bucketId, perMinute],
    );
    return rowCount === 1 ? 0 : Math.max(1, Math.ceil(60 / perMinute));
  },
});

const REFILLED = `least($2::float8, bucket.tokens + $2::float8 / 60
  * greatest(0, extract(epoch FROM clock_timestamp() - bucket.updated_at)::float8))`;
