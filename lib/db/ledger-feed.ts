import type { LedgerFeed } from '@/lib/activity/feed';
import { RECOVERY_WAIT_MS } from '@/lib/ledger/recovery-wait';
import type { Db } from './client';
import type { Listener } from './listener';
import { pgSql } from './sql';

/** Entries of an organisation were chained; the payload is its id. */
export const CHAINED_CHANNEL = 'countersign_chained';

const POLL_MS = 250;

/** Reads the chained ledger. */
export const createLedgerFeed = (db: Db, listener: Listener): LedgerFeed => {
  const sql = pgSql(db.pool);
  const seqOf = async (leafId: string): Promise<number | null> => {
    const { rows } = await sql.query<{ seq: string | null }>(
      'SELECT seq::text AS seq FROM ledger_leaves WHERE id = $1',
      [leafId],
    );
    return rows[0]?.seq == null ? null : Number(rows[0].seq);
  };
  return {
    waitChained: async (orgId, leafId, timeoutMs) => {
      const until = Date.now() + timeoutMs;
      for (;;) {
        // Subscribed before looking, so that what is chained while looking wakes us.
        let wake = () => {};
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const off = listener.on(CHAINED_CHANNEL, (payload) => payload === orgId && wake());
        const timer = setTimeout(wake, POLL_MS);
        try {
          const seq = await seqOf(leafId);
          if (seq !== null) return seq;
          if (Date.now() > until)
            throw new Error(
              `Entry ${leafId} of ${orgId} was not chained within ${timeoutMs} ms: is the sequencer running?`,
            );
          await woken;
        } finally {
          off();
          clearTimeout(timer);
        }
      }
    },
    head: async (orgId) => {
      const { rows } = await sql.query<{ seq: string; hash: string; root: string }>(
        'SELECT seq::text AS seq, hash, root FROM ledger_heads WHERE org_id = $1',
        [orgId],
      );
      return rows[0] ? { seq: Number(rows[0].seq), hash: rows[0].hash, root: rows[0].root } : null;
    },
    feed: async (orgId, fromSeq, limit) => {
      const { rows } = await sql.query<{ seq: string; bytes: Buffer; body: Buffer }>(
        'SELECT seq::text AS seq, bytes, body FROM ledger_leaves WHERE org_id = $1 AND seq >= $2 ORDER BY ledger_leaves.seq LIMIT $3',
        [orgId, fromSeq, limit],
      );
      return rows.map((row) => ({
        seq: Number(row.seq),
        bytes: new Uint8Array(row.bytes),
        body: new Uint8Array(row.body),
      }));
    },
    organisations: async () =>
      (await sql.query<{ org_id: string }>('SELECT org_id FROM ledger_heads ORDER BY org_id')).rows.map(
        (row) => row.org_id,
      ),
    hasOpeningDue: async (orgId, now) => {
      const { rows } = await sql.query(
        `WITH witnessed AS (
           SELECT coalesce(max((record->>'at')::bigint), 0) AS at FROM ledger_records
           WHERE org_id = $1 AND kind = 'checkpoint' AND id = 'last'),
         opening AS (
           SELECT (item->>'settledAt')::bigint + $3::bigint AS at, true AS always
           FROM ledger_records r, jsonb_array_elements(r.record->'recovered') AS item
           WHERE r.org_id = $1 AND r.kind = 'org' AND r.id = $1
           UNION ALL SELECT (record->>'coolsUntil')::bigint, false FROM ledger_records
           WHERE org_id = $1 AND kind = 'org' AND id = $1
           UNION ALL SELECT (r.record->>'dateCreated')::bigint + (g->'escalation'->>'afterMinutes')::bigint * 60000, false
           FROM ledger_records r, jsonb_array_elements(r.record->'groups') AS g
           WHERE r.org_id = $1 AND r.kind = 'approval' AND r.record->>'status' = 'Pending'
             AND r.record->'subject'->>'kind' = 'ChangeRequest'
           UNION ALL SELECT (record->>'from')::bigint, false FROM ledger_records
           WHERE org_id = $1 AND kind = 'delegation' AND record->>'isRevoked' = 'false')
         SELECT 1 FROM opening, witnessed WHERE opening.at <= $2::bigint AND (always OR opening.at > witnessed.at) LIMIT 1`,
        [orgId, now, RECOVERY_WAIT_MS],
      );
      return rows.length > 0;
    },
    onChained: (callback) => listener.on(CHAINED_CHANNEL, callback),
  };
};
