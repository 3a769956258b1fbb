import type { IdentityStore } from '@/lib/authentication/ports';
import type { Db } from '@/lib/db/client';

/** Failures that are forgiven: a wrong touch, a stale code, a client under development. */
export const FORGIVEN_FAILURES = 50;
const FIRST_LOCK_S = 60;
const LONGEST_LOCK_S = 3600;
/** Failures are forgotten after a day without another. */
const MEMORY_S = 86_400;

/**
 * Counts failed attempts. After the forgiven ones each further failure locks for twice as long as the one before, from one minute to
 * one hour; in between one attempt is heard. One statement each, so any number of servers count together.
 */
export const lockouts = ({
  pool,
}: Pick<Db, 'pool'>): Pick<IdentityStore, 'lockedFor' | 'noteFailure' | 'forgiveFailures'> => ({
  lockedFor: async (id, now) => {
    const { rows } = await pool.query<{ until: Date | null }>(
      'SELECT locked_until AS until FROM lockouts WHERE id = $1',
      [id],
    );
    if (!rows[0]) return null;
    return Math.max(0, Math.ceil(((rows[0].until?.getTime() ?? 0) - now.getTime()) / 1000));
  },
  noteFailure: async (id, now) => {
    const failures = `CASE WHEN lockout.failed_at < excluded.failed_at - make_interval(secs => ${MEMORY_S}) THEN 1
      ELSE lockout.failures + 1 END`;
    await pool.query(
      `INSERT INTO lockouts AS lockout (id, failures, failed_at) VALUES ($1, 1, $2)
       ON CONFLICT (id) DO UPDATE SET failures = ${failures}, failed_at = excluded.failed_at,
         locked_until = CASE WHEN ${failures} >= ${FORGIVEN_FAILURES} THEN excluded.failed_at + make_interval(secs =>
           least(${LONGEST_LOCK_S}, ${FIRST_LOCK_S} * power(2, least(${failures} - ${FORGIVEN_FAILURES}, 10)))) END`,
      [id, now],
    );
  },
  forgiveFailures: async (id) => {
    await pool.query('DELETE FROM lockouts WHERE id = $1', [id]);
  },
});
