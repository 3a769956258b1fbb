import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
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
 * Requests a minute, counted in PostgreSQL so that any number of servers count together, one statement a request. Who was refused is
 * told so from memory until the minute ends.
 */
export const requestLimits = ({ pool }: Pick<Db, 'pool'>): Pick<IdentityStore, 'takeRequest'> => {
  const limiters = new Map<number, RateLimiterPostgres>();
  const limiterOf = (points: number): RateLimiterPostgres => {
    const known = limiters.get(points);
    if (known) return known;
    const made = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      // The scheduler deletes what is over, for all servers.
      clearExpiredByTimeout: false,
      keyPrefix: '',
      points,
      duration: 60,
      inMemoryBlockOnConsumed: points + 1,
    });
    limiters.set(points, made);
    return made;
  };
  return {
    takeRequest: async (bucketId, perMinute) => {
      try {
        await limiterOf(perMinute).consume(bucketId);
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      }
    },
  };
};
