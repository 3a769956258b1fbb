import type pg from 'pg';
import type { Attempt, AttemptState, AttemptStore, Lane, NewAttempt } from '@/lib/broadcast/ports';
import { enqueue } from '@/lib/db/job-queue';
import { pgSql, type Sql } from '@/lib/db/sql';
import { inSqlTransaction } from '@/lib/db/transaction';

/** Attempts and nonce lanes in PostgreSQL. A lane's row is locked while its nonces are looked at and given away. */
export const attemptStore = (pool: pg.Pool): AttemptStore => {
  const sql = pgSql(pool);
  return {
    inLane: (network, address, work) =>
      inSqlTransaction(pool, async (tx) => {
        await tx.query('INSERT INTO nonce_lanes (network, address) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          network,
          address,
        ]);
        await tx.query('SELECT 1 FROM nonce_lanes WHERE network = $1 AND address = $2 FOR UPDATE', [network, address]);
        const attempts = await select(tx, LANE, [network, address]);
        return work(laneOf(tx, attempts));
      }),
    find: async (attemptId) => (await select(sql, 'id = $1::bigint', [attemptId]))[0] ?? null,
    findByDigest: async (activityId, digest) =>
      (await select(sql, "activity_id = $1 AND digest = $2 AND state <> 'released'", [activityId, digest]))[0] ?? null,
    siblings: ({ network, address, nonce }) =>
      select(sql, "network = $1 AND address = $2 AND nonce = $3::bigint AND state <> 'released'", [
        network,
        address,
        nonce,
      ]),
    sign: (attemptId, { raw, hash }) =>
      inSqlTransaction(pool, async (tx) => {
        const { rows } = await tx.query<{ org_id: string }>(
          `UPDATE transaction_attempts SET raw = $2, hash = $3, state = 'signed', updated_at = now()
           WHERE id = $1::bigint AND state = 'reserved' RETURNING org_id`,
          [attemptId, raw, hash],
        );
        if (rows[0]) await enqueue(tx, { name: 'broadcast', payload: { orgId: rows[0].org_id, attemptId } });
      }),
    advance: async (attemptId, from, to, block) => {
      const { rows } = await sql.query(
        `UPDATE transaction_attempts SET state = $3, updated_at = now(),
           block_number = CASE WHEN $4 THEN $5::bigint ELSE block_number END, block_hash = CASE WHEN $4 THEN $6 ELSE block_hash END
         WHERE id = $1::bigint AND state = $2 RETURNING id`,
        [attemptId, from, to, block !== undefined, block?.blockNumber ?? null, block?.blockHash ?? null],
      );
      return rows.length === 1;
    },
    open: () => select(sql, "state IN ('signed', 'broadcast', 'mined')", []),
  };
};

/** Live attempts, and of the finished ones the last: history does not grow what a lane has to read. */
const LANE = `network = $1 AND address = $2 AND state <> 'released' AND (state NOT IN ('final', 'lost') OR nonce =
  (SELECT max(nonce) FROM transaction_attempts WHERE network = $1 AND address = $2 AND state IN ('final', 'lost')))`;

const laneOf = (tx: Sql, attempts: readonly Attempt[]): Lane => ({
  attempts,
  reserve: async (attempt: NewAttempt) => {
    await tx.query(
      `INSERT INTO transaction_attempts (org_id, activity_id, network, address, nonce, attempt, kind, unsigned, digest, max_cost)
       VALUES ($1, $2, $3, $4, $5::bigint, $6, $7, $8, $9, $10::numeric)`,
      [
        attempt.orgId,
        attempt.activityId,
        attempt.network,
        attempt.address,
        attempt.nonce,
        attempt.attempt,
        attempt.kind,
        attempt.unsigned,
        attempt.digest,
        attempt.maxCost.toString(),
      ],
    );
    await tx.query(
      'UPDATE nonce_lanes SET next_nonce = greatest(next_nonce, $3::bigint + 1), updated_at = now() WHERE network = $1 AND address = $2',
      [attempt.network, attempt.address, attempt.nonce],
    );
  },
  release: async (attemptIds) => {
    await tx.query(
      "UPDATE transaction_attempts SET state = 'released', updated_at = now() WHERE id = ANY ($1::bigint[]) AND state = 'reserved'",
      [[...attemptIds]],
    );
  },
});

type Row = {
  id: string;
  org_id: string;
  activity_id: string;
  network: string;
  address: string;
  nonce: string;
  attempt: number;
  kind: string;
  unsigned: string;
  digest: string;
  max_cost: string;
  state: string;
  raw: string | null;
  hash: string | null;
  block_number: string | null;
  block_hash: string | null;
};

const select = async (sql: Sql, where: string, params: readonly unknown[]): Promise<Attempt[]> => {
  const { rows } = await sql.query<Row>(
    `SELECT id::text, org_id, activity_id, network, address, nonce::text, attempt, kind, unsigned, digest, max_cost::text, state, raw,
       hash, block_number::text, block_hash FROM transaction_attempts WHERE ${where} ORDER BY transaction_attempts.id`,
    params,
  );
  return rows.map(attemptOf);
};

const attemptOf = (row: Row): Attempt => ({
  id: row.id,
  orgId: row.org_id,
  activityId: row.activity_id,
  network: row.network,
  address: row.address,
  nonce: Number(row.nonce),
  attempt: row.attempt,
  kind: row.kind as Attempt['kind'],
  unsigned: row.unsigned,
  digest: row.digest,
  maxCost: BigInt(row.max_cost),
  state: row.state as AttemptState,
  ...(row.raw === null || row.hash === null ? {} : { raw: row.raw, hash: row.hash }),
  ...(row.block_number === null || row.block_hash === null
    ? {}
    : { blockNumber: Number(row.block_number), blockHash: row.block_hash }),
});
