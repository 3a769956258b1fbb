import type { OrgHead, SignedHeartbeat } from '@/lib/ledger/heartbeat';
import { type LedgerAlarm, proveTree, type TreeProof } from './ledger-proofs';
import type { Sql } from './sql';

/** What the coordinator keeps of what nodes say about ledgers. */
export type WitnessStore = {
  /** The chained heads of all organisations. */
  heads(): Promise<OrgHead[]>;
  /** Proof that the ledger up to entry `to` begins with that up to `from`; null where it does not reach that far. */
  consistency(orgId: string, from: number, to: number): Promise<TreeProof | null>;
  heartbeats(beats: readonly SignedHeartbeat[]): Promise<void>;
  /** Kept once for each node, code and subject. */
  alarm(orgId: string, alarm: LedgerAlarm): Promise<void>;
  clear(orgId: string, alarm: Pick<LedgerAlarm, 'node' | 'code' | 'subject'>): Promise<void>;
};

/** Heartbeats of each node that stay. */
const KEPT = 20;

export const createWitnessStore = (sql: Sql): WitnessStore => ({
  heads: async () =>
    (
      await sql.query<{ orgId: string; seq: string; root: string }>(
        'SELECT org_id AS "orgId", seq::text AS seq, root FROM ledger_heads',
      )
    ).rows.map(({ orgId, seq, root }) => ({ orgId, seq: Number(seq), root })),
  consistency: (orgId, from, to) => proveTree(sql, orgId, from, to),
  heartbeats: async (beats) => {
    for (const { node, at, root, heads, signature } of beats) {
      await sql.query(
        `INSERT INTO witness_heartbeats (node, at, root, heads, signature)
         VALUES ($1, to_timestamp($2::double precision / 1000), $3, $4::jsonb, $5) ON CONFLICT DO NOTHING`,
        [node, at, root, JSON.stringify(heads), signature],
      );
      await sql.query(
        `DELETE FROM witness_heartbeats WHERE node = $1 AND at <
         (SELECT min(at) FROM (SELECT at FROM witness_heartbeats WHERE node = $1 ORDER BY at DESC LIMIT $2) AS kept)`,
        [node, KEPT],
      );
    }
  },
  clear: async (orgId, { node, code, subject }) => {
    await sql.query('DELETE FROM ledger_alarms WHERE org_id = $1 AND node = $2 AND code = $3 AND subject = $4', [
      orgId,
      node,
      code,
      subject,
    ]);
  },
  alarm: async (orgId, { node, code, subject, message, content, at }) => {
    await sql.query(
      `INSERT INTO ledger_alarms (org_id, node, code, subject, message, content, at)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, to_timestamp($7::double precision / 1000)) ON CONFLICT DO NOTHING`,
      [orgId, node, code, subject, message, JSON.stringify(content), at],
    );
  },
});
