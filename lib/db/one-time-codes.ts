import { timingSafeEqual } from 'node:crypto';
import type { CodeRow, IdentityStore } from '@/lib/authentication/ports';
import type { Db } from '@/lib/db/client';
import { withRetries } from './transaction';

/** A code tried more often than this is spent: nobody finds it by trying. */
const MAX_ATTEMPTS = 5;

const ROW = 'id, purpose, org_id AS "orgId", user_id AS "userId", hash, expires_at AS "expiresAt"';

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

/** Statements over several codes of a person lock them in no set order; one that meets another is done again. */
const RETRIES = 3;

/** Codes that people type, kept as hashes. Every try counts, and of any number of callers one spends a code. */
export const oneTimeCodes = ({
  pool,
}: Pick<Db, 'pool'>): Pick<IdentityStore, 'createCode' | 'tryCode' | 'tryCodeOf' | 'consumeCode' | 'voidCodes'> => ({
  createCode: async ({ id, purpose, orgId, userId, hash, expiresAt }) => {
    await withRetries(RETRIES, () =>
      pool.query(
        `WITH voided AS (DELETE FROM one_time_codes WHERE user_id = $4 AND purpose = $2 AND consumed_at IS NULL)
         INSERT INTO one_time_codes (id, purpose, org_id, user_id, hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, purpose, orgId, userId, hash, expiresAt],
      ),
    );
  },
  tryCodeOf: async (userId, purpose, hash, now) => {
    const { rows } = await withRetries(RETRIES, () =>
      pool.query<CodeRow>(
        `UPDATE one_time_codes SET attempts = attempts + 1
         WHERE user_id = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 AND attempts < $4 RETURNING ${ROW}`,
        [userId, purpose, now, MAX_ATTEMPTS],
      ),
    );
    const [row] = rows;
    return row && isSame(row.hash, hash) ? row : null;
  },
  tryCode: async (purpose, hash, now) => {
    const { rows } = await pool.query<CodeRow>(
      `UPDATE one_time_codes SET attempts = attempts + 1
       WHERE hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 AND attempts < $4 RETURNING ${ROW}`,
      [hash, purpose, now, MAX_ATTEMPTS],
    );
    return rows[0] ?? null;
  },
  consumeCode: async (id, now) => {
    const { rowCount } = await pool.query(
      'UPDATE one_time_codes SET consumed_at = $2 WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2',
      [id, now],
    );
    return rowCount === 1;
  },
  voidCodes: async (userId, now) => {
    await pool.query('UPDATE one_time_codes SET consumed_at = $2 WHERE user_id = $1 AND consumed_at IS NULL', [
      userId,
      now,
    ]);
  },
});
