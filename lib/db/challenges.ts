import type { ChallengeRow, IdentityStore, UserActionRow } from '@/lib/authentication/ports';
import type { Db } from '@/lib/db/client';

/** `statement` holds a user action's statement or a recovery's; which it is follows from the purpose. */
type StoredChallenge = Omit<ChallengeRow, 'recovery' | 'purpose' | 'statement'> & { readonly statement: unknown };

const CHALLENGE = `id, org_id AS "orgId", user_id AS "userId", jti, challenge, statement, allow_credentials AS "allowCredentials",
  attempt, expires_at AS "expiresAt"`;
const USER_ACTION = `token_hash AS "tokenHash", org_id AS "orgId", user_id AS "userId", jti, statement, assertion,
  expires_at AS "expiresAt", consumed_at AS "consumedAt"`;

const asJson = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** Challenges and the user actions they lead to: every signed request passes here, so each is one prepared statement. */
export const challenges = ({
  pool,
}: Pick<Db, 'pool'>): Pick<
  IdentityStore,
  'createChallenge' | 'findChallenge' | 'consumeChallenge' | 'createUserAction' | 'findUserAction' | 'consumeUserAction'
> => ({
  createChallenge: async (row) => {
    const { id, purpose, orgId, userId, jti, challenge, statement, recovery, allowCredentials, attempt } = row;
    const stated = asJson(statement ?? recovery);
    await pool.query({
      name: 'create-challenge',
      text: `INSERT INTO challenges (id, purpose, org_id, user_id, jti, challenge, statement, allow_credentials, attempt, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [id, purpose, orgId, userId, jti, challenge, stated, [...allowCredentials], attempt, row.expiresAt],
    });
  },
  findChallenge: async (id, purpose, now) => {
    const { rows } = await pool.query<StoredChallenge>({
      name: 'find-challenge',
      text: `SELECT ${CHALLENGE} FROM challenges WHERE id = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3`,
      values: [id, purpose, now],
    });
    const [row] = rows;
    return row
      ? {
          ...row,
          purpose,
          statement: purpose === 'userAction' ? (row.statement as ChallengeRow['statement']) : null,
          recovery: purpose === 'recovery' ? (row.statement as ChallengeRow['recovery']) : null,
        }
      : null;
  },
  consumeChallenge: async (id, now) => {
    const { rowCount } = await pool.query({
      name: 'consume-challenge',
      text: 'UPDATE challenges SET consumed_at = $2 WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2',
      values: [id, now],
    });
    return rowCount === 1;
  },

  createUserAction: async ({ tokenHash, orgId, userId, jti, statement, assertion, expiresAt }) => {
    await pool.query({
      name: 'create-user-action',
      text: `INSERT INTO user_actions (token_hash, org_id, user_id, jti, statement, assertion, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [tokenHash, orgId, userId, jti, asJson(statement), asJson(assertion), expiresAt],
    });
  },
  findUserAction: async (tokenHash) => {
    const { rows } = await pool.query<UserActionRow & { readonly consumedAt: Date | null }>({
      name: 'find-user-action',
      text: `SELECT ${USER_ACTION} FROM user_actions WHERE token_hash = $1`,
      values: [tokenHash],
    });
    return rows[0] ?? null;
  },
  consumeUserAction: async (tokenHash, now) => {
    const { rowCount } = await pool.query({
      name: 'consume-user-action',
      text: 'UPDATE user_actions SET consumed_at = $2 WHERE token_hash = $1 AND consumed_at IS NULL AND expires_at > $2',
      values: [tokenHash, now],
    });
    return rowCount === 1;
  },
});
