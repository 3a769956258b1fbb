import type { Sql } from '@/lib/db/sql';

/** A signer node as API, health and console read it. Certificate: Ed25519 and X25519 keys in hex. */
export type SignerNodeRow = {
  readonly node: number;
  readonly certificate: {
    readonly node: number;
    readonly signingKey: string;
    readonly agreementKey: string;
    readonly region: string;
    readonly specVersion?: string;
  };
  /** What somebody else who connected under this number showed; null since the pinned one or a certificate in force did. */
  readonly claimed: SignerNodeRow['certificate'] | null;
  readonly connected: boolean;
  readonly lastSeen: Date | null;
  readonly clockOffsetMs: number;
  readonly selfTest: boolean;
  readonly quarantined: boolean;
  readonly pairs: readonly {
    readonly peer: number;
    readonly key: string;
    readonly state: string;
    readonly epochs: readonly number[];
    readonly highest: number;
  }[];
  readonly stopped: readonly { readonly orgId: string; readonly reason: string }[];
  /** What the node's own machine has stopped. */
  readonly frozen?: { readonly all: boolean; readonly orgIds: readonly string[] };
  readonly counts: { readonly [what: string]: number };
  readonly heads: { readonly [orgId: string]: { readonly seq: number; readonly hash: string } };
  readonly backend: string;
  readonly unaudited: boolean;
};

/** Why a node did not sign; node 0 is the coordinator. */
export type SignerRefusalRow = {
  readonly orgId: string;
  readonly activityId: string;
  readonly node: number;
  readonly code: string;
  readonly message: string;
  readonly at: Date;
};

/** What the coordinator writes about the nodes. */
export type SignerNodeStore = {
  /**
   * Pins the certificate at the first sight, and another one as soon as a ledger has put it in force. @returns false for any other, which
   * is kept as what the node's number was last claimed with.
   */
  pin(certificate: SignerNodeRow['certificate']): Promise<boolean>;
  connected(node: number, clockOffsetMs: number): Promise<void>;
  disconnected(node: number | 'all'): Promise<void>;
  status(
    node: number,
    status: Pick<
      SignerNodeRow,
      'selfTest' | 'quarantined' | 'pairs' | 'stopped' | 'frozen' | 'counts' | 'backend' | 'unaudited'
    >,
  ): Promise<void>;
  heads(node: number, heads: SignerNodeRow['heads']): Promise<void>;
  /** Writes nothing when it is what this node said last. */
  refusal(refusal: Omit<SignerRefusalRow, 'at'>): Promise<void>;
};

/** Some organisation's ledger has put the certificate $2 in force: only a governed entry does that. */
const IN_FORCE = `EXISTS (SELECT 1 FROM ledger_records WHERE kind = 'org'
  AND record->'nodes' @> jsonb_build_array(jsonb_build_object('certificate', $2::jsonb)))`;

export const signerNodeStore = (sql: Sql): SignerNodeStore => ({
  pin: async (certificate) => {
    const { rows } = await sql.query<{ same: boolean }>(
      `INSERT INTO signer_nodes (node, certificate) VALUES ($1, $2::jsonb)
       ON CONFLICT (node) DO UPDATE SET
         certificate = CASE WHEN ${IN_FORCE} THEN $2::jsonb ELSE signer_nodes.certificate END,
         heads = CASE WHEN ${IN_FORCE} AND signer_nodes.certificate <> $2::jsonb THEN '{}'::jsonb ELSE signer_nodes.heads END,
         claimed = CASE WHEN signer_nodes.certificate = $2::jsonb OR ${IN_FORCE} THEN NULL ELSE $2::jsonb END
       RETURNING certificate = $2::jsonb AS same`,
      [certificate.node, JSON.stringify(certificate)],
    );
    return rows[0]?.same === true;
  },
  connected: async (node, clockOffsetMs) => {
    await sql.query(
      'UPDATE signer_nodes SET connected = true, last_seen = now(), clock_offset_ms = $2 WHERE node = $1',
      [node, clockOffsetMs],
    );
  },
  disconnected: async (node) => {
    await sql.query(
      "UPDATE signer_nodes SET connected = false, last_seen = CASE WHEN connected THEN now() ELSE last_seen END WHERE $1 = 'all' OR node::text = $1",
      [String(node)],
    );
  },
  status: async (node, status) => {
    await sql.query(
      `UPDATE signer_nodes SET last_seen = now(), self_test = $2, quarantined = $3, pairs = $4::jsonb, stopped = $5::jsonb,
       counts = $6::jsonb, backend = $7, unaudited = $8, frozen = $9::jsonb WHERE node = $1`,
      [
        node,
        status.selfTest,
        status.quarantined,
        JSON.stringify(status.pairs),
        JSON.stringify(status.stopped),
        JSON.stringify(status.counts),
        status.backend,
        status.unaudited,
        JSON.stringify(status.frozen ?? { all: false, orgIds: [] }),
      ],
    );
  },
  heads: async (node, heads) => {
    await sql.query('UPDATE signer_nodes SET last_seen = now(), heads = heads || $2::jsonb WHERE node = $1', [
      node,
      JSON.stringify(heads),
    ]);
  },
  refusal: async ({ orgId, activityId, node, code, message }) => {
    await sql.query(
      `INSERT INTO signer_refusals (org_id, activity_id, node, code, message)
       SELECT $1::text, $2::text, $3::int, $4::text, $5::text WHERE NOT EXISTS (
         SELECT 1 FROM (SELECT code, message FROM signer_refusals WHERE org_id = $1 AND activity_id = $2 AND node = $3::int ORDER BY id DESC LIMIT 1) last
         WHERE last.code = $4 AND last.message = $5)`,
      [orgId, activityId, node, code, message],
    );
  },
});

/** Every node that ever connected, by number. */
export const listSignerNodes = async (sql: Sql): Promise<SignerNodeRow[]> =>
  (
    await sql.query<SignerNodeRow>(
      `SELECT node, certificate, claimed, connected, last_seen AS "lastSeen", clock_offset_ms AS "clockOffsetMs", self_test AS "selfTest", quarantined,
       pairs, stopped, frozen, counts, heads, backend, unaudited FROM signer_nodes ORDER BY node`,
    )
  ).rows;

/** How many active keys of an organisation were made with which stores of its nodes (`KeyRecord.lostStores`). */
export const countKeyStores = async (
  sql: Sql,
  orgId: string,
): Promise<{ readonly lostStores: readonly number[] | null; readonly count: number }[]> =>
  (
    await sql.query<{ lostStores: readonly number[] | null; count: number }>(
      `SELECT record->'lostStores' AS "lostStores", count(*)::int AS count FROM ledger_records
       WHERE org_id = $1 AND kind = 'key' AND record->>'status' = 'Active' GROUP BY 1`,
      [orgId],
    )
  ).rows;

/** The refusals of one activity, oldest first. */
export const listSignerRefusals = async (sql: Sql, orgId: string, activityId: string): Promise<SignerRefusalRow[]> =>
  (
    await sql.query<SignerRefusalRow>(
      'SELECT org_id AS "orgId", activity_id AS "activityId", node, code, message, at FROM signer_refusals WHERE org_id = $1 AND activity_id = $2 ORDER BY id LIMIT 200',
      [orgId, activityId],
    )
  ).rows;

/** The refusals of an organisation, newest first. */
export const listLatestRefusals = async (sql: Sql, orgId: string, limit: number): Promise<SignerRefusalRow[]> =>
  (
    await sql.query<SignerRefusalRow>(
      'SELECT org_id AS "orgId", activity_id AS "activityId", node, code, message, at FROM signer_refusals WHERE org_id = $1 ORDER BY id DESC LIMIT $2::int',
      [orgId, limit],
    )
  ).rows;
