import type { IdentityStore } from '@/lib/authentication/ports';
import type { Db } from '@/lib/db/client';

/** Signature counters of passkeys (WebAuthn level 2, section 6.1.1): one that moves must rise; zero on both sides never moves. */
export const credentialCounters = ({
  pool,
}: Pick<Db, 'pool'>): Pick<IdentityStore, 'raiseCounter' | 'findBackups'> => ({
  raiseCounter: async (credentialId, counter, isBackedUp) => {
    const { rowCount } = await pool.query(
      `INSERT INTO credential_counters (credential_id, counter, backed_up) VALUES ($1, $2, $3)
       ON CONFLICT (credential_id) DO UPDATE SET counter = excluded.counter, backed_up = excluded.backed_up,
         backup_changed_at = CASE WHEN credential_counters.backed_up = excluded.backed_up OR credential_counters.backed_up IS NULL
           THEN credential_counters.backup_changed_at ELSE now() END
       WHERE credential_counters.counter < excluded.counter OR (credential_counters.counter = 0 AND excluded.counter = 0)`,
      [credentialId, counter, isBackedUp],
    );
    return rowCount === 1;
  },
  findBackups: async (credentialIds) => {
    const { rows } = await pool.query<{ id: string; isBackedUp: boolean; changedAt: Date | null }>(
      `SELECT credential_id AS id, backed_up AS "isBackedUp", backup_changed_at AS "changedAt" FROM credential_counters
       WHERE credential_id = ANY ($1::text[]) AND backed_up IS NOT NULL`,
      [[...credentialIds]],
    );
    return new Map(rows.map(({ id, ...row }) => [id, row]));
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
