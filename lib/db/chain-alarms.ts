import type { Sql } from './sql';

/** Why a transaction out of one of our wallets is an alarm: see `accountFor` in lib/broadcast/account-for.ts. */
export type AlarmReason = 'unknown' | 'unsigned' | 'replaced';

/** A transaction that stands on a chain and not in the ledger. `address` is lower case. */
export type ChainAlarm = {
  readonly orgId: string;
  readonly walletId: string;
  readonly network: string;
  readonly address: string;
  readonly nonce: number;
  readonly hash: string | null;
  readonly reason: AlarmReason;
};
export type ChainAlarmRow = ChainAlarm & { readonly noticedAt: Date };

/** An account of ours on a chain, and how far its transactions are accounted for. */
export type ReconciledAccount = {
  readonly orgId: string;
  readonly walletId: string;
  readonly network: string;
  readonly address: string;
  readonly nextNonce: number;
};

/**
 * Accounts of wallets on the networks, by key after `after`, at most `limit`. A key signs for its address on every network of its family:
 * an account is looked at on networks, too, on which no wallet of that key is.
 * @param family Networks on which one key has one address; a wallet of any of them is looked at on all of `networks`.
 */
export const accountsToReconcile = async (
  sql: Sql,
  networks: readonly string[],
  family: readonly string[],
  after: string,
  limit: number,
): Promise<(ReconciledAccount & { readonly key: string })[]> => {
  const { rows } = await sql.query<{
    key: string;
    org_id: string;
    id: string;
    network: string;
    address: string;
    next_nonce: string | null;
  }>(
    `SELECT wallet.org_id || ' ' || wallet.id || ' ' || looked.network AS key, wallet.org_id, wallet.id, looked.network,
       lower(wallet.record->>'address') AS address, done.next_nonce::text AS next_nonce
     FROM ledger_records AS wallet
     JOIN unnest($1::text[]) AS looked(network)
       ON looked.network = wallet.record->>'network' OR wallet.record->>'network' = ANY ($4::text[])
     LEFT JOIN chain_reconciled AS done
       ON done.network = looked.network AND done.address = lower(wallet.record->>'address')
     WHERE wallet.kind = 'wallet' AND wallet.record ? 'address'
       AND wallet.org_id || ' ' || wallet.id || ' ' || looked.network > $2
       AND (looked.network = wallet.record->>'network' OR NOT EXISTS (
         SELECT 1 FROM ledger_records AS other
         WHERE other.org_id = wallet.org_id AND other.kind = 'wallet' AND other.record->>'keyId' = wallet.record->>'keyId'
           AND other.record->>'network' = looked.network))
     ORDER BY wallet.org_id || ' ' || wallet.id || ' ' || looked.network LIMIT $3::int`,
    [[...networks], after, limit, [...family]],
  );
  return rows.map((row) => ({
    key: row.key,
    orgId: row.org_id,
    walletId: row.id,
    network: row.network,
    address: row.address,
    nextNonce: Number(row.next_nonce ?? 0),
  }));
};

/** Writes alarms down, each once, and how far the account is accounted for. @returns the alarms that are new. */
export const writeReconciled = async (
  sql: Sql,
  account: Pick<ReconciledAccount, 'network' | 'address' | 'nextNonce'>,
  alarms: readonly ChainAlarm[],
): Promise<readonly ChainAlarm[]> => {
  const raised: ChainAlarm[] = [];
  for (const alarm of alarms) {
    const { rows } = await sql.query(
      `INSERT INTO chain_alarms (org_id, wallet_id, network, address, nonce, hash, reason)
       VALUES ($1, $2, $3, $4, $5::bigint, $6, $7) ON CONFLICT (network, address, nonce) DO NOTHING RETURNING id`,
      [alarm.orgId, alarm.walletId, alarm.network, alarm.address, alarm.nonce, alarm.hash, alarm.reason],
    );
    if (rows.length === 1) raised.push(alarm);
  }
  await sql.query(
    `INSERT INTO chain_reconciled (network, address, next_nonce) VALUES ($1, $2, $3::bigint)
     ON CONFLICT (network, address) DO UPDATE SET next_nonce = excluded.next_nonce, checked_at = clock_timestamp()`,
    [account.network, account.address, account.nextNonce],
  );
  return raised;
};

/** The newest alarms of an organisation, at most 100. */
export const listChainAlarms = async (sql: Sql, orgId: string): Promise<ChainAlarmRow[]> => {
  const { rows } = await sql.query<{
    wallet_id: string;
    network: string;
    address: string;
    nonce: string;
    hash: string | null;
    reason: AlarmReason;
    noticed_at: Date;
  }>(
    `SELECT wallet_id, network, address, nonce::text AS nonce, hash, reason, noticed_at FROM chain_alarms
     WHERE org_id = $1 ORDER BY chain_alarms.id DESC LIMIT 100`,
    [orgId],
  );
  return rows.map((row) => ({
    orgId,
    walletId: row.wallet_id,
    network: row.network,
    address: row.address,
    nonce: Number(row.nonce),
    hash: row.hash,
    reason: row.reason,
    noticedAt: row.noticed_at,
  }));
};

/** Alarms of all organisations, for health. */
export const countChainAlarms = async (sql: Sql): Promise<number> => {
  const { rows } = await sql.query<{ count: string }>('SELECT count(*)::text AS count FROM chain_alarms', []);
  return Number(rows[0]?.count ?? 0);
};
