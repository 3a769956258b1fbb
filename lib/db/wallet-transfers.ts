import type { Sql } from './sql';

/** A confirmed transfer on a chain. Addresses and hashes are lower case, amounts base units. */
export type ChainTransfer = {
  readonly network: string;
  readonly txHash: string;
  /** Index of the token's log in its block; -1 for the native coin. */
  readonly place: number;
  /** Of a token. */
  readonly contract: string | null;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly blockNumber: number;
  readonly blockTime: Date;
};

/** The same as one of our wallets has it. `fee` is what the wallet paid for its transaction. */
export type WalletTransfer = ChainTransfer & {
  readonly orgId: string;
  readonly walletId: string;
  readonly direction: 'In' | 'Out';
  readonly fee: string | null;
  readonly decimals: number | null;
  readonly symbol: string | null;
};
export type WalletTransferRow = WalletTransfer & { readonly id: string };

/** The next block to read of a network; null before the first. */
export const nextBlock = async (sql: Sql, network: string): Promise<number | null> => {
  const { rows } = await sql.query<{ next: string }>(
    'SELECT next_block::text AS next FROM chain_followed WHERE network = $1',
    [network],
  );
  return rows[0] ? Number(rows[0].next) : null;
};

/** Notes how far a network was read. It never goes back: two that read the same blocks write the same rows. */
export const writeNextBlock = async (sql: Sql, network: string, block: number): Promise<void> => {
  await sql.query(
    `INSERT INTO chain_followed (network, next_block) VALUES ($1, $2::bigint) ON CONFLICT (network) DO UPDATE
     SET next_block = greatest(chain_followed.next_block, excluded.next_block), followed_at = clock_timestamp()`,
    [network, block],
  );
};

/** Whether any wallet is on the network: the blocks of others are nobody's business here. */
export const hasWallets = async (sql: Sql, network: string): Promise<boolean> => {
  const { rows } = await sql.query(
    `SELECT 1 FROM ledger_records WHERE kind = 'wallet' AND record->>'network' = $1 LIMIT 1`,
    [network],
  );
  return rows.length > 0;
};

/** Which of the addresses (lower case) are wallets of ours. */
export const walletsAt = async (
  sql: Sql,
  network: string,
  addresses: readonly string[],
): Promise<readonly { readonly orgId: string; readonly walletId: string; readonly address: string }[]> => {
  if (addresses.length === 0) return [];
  const { rows } = await sql.query<{ org_id: string; id: string; address: string }>(
    `SELECT org_id, id, lower(record->>'address') AS address FROM ledger_records
     WHERE kind = 'wallet' AND record->>'network' = $1 AND lower(record->>'address') = ANY ($2::text[])`,
    [network, [...new Set(addresses)]],
  );
  return rows.map((row) => ({ orgId: row.org_id, walletId: row.id, address: row.address }));
};

/** Writes transfers down, each once per wallet and direction. */
export const writeWalletTransfers = async (sql: Sql, transfers: readonly WalletTransfer[]): Promise<void> => {
  for (const item of transfers)
    await sql.query(
      `INSERT INTO wallet_transfers (org_id, wallet_id, direction, network, tx_hash, place, contract, from_address, to_address,
         amount, fee, decimals, symbol, block_number, block_time)
       VALUES ($1, $2, $3, $4, $5, $6::int, $7, $8, $9, $10::numeric, $11::numeric, $12::int, $13, $14::bigint, $15)
       ON CONFLICT (wallet_id, direction, tx_hash, place) DO NOTHING`,
      [
        item.orgId,
        item.walletId,
        item.direction,
        item.network,
        item.txHash,
        item.place,
        item.contract,
        item.from,
        item.to,
        item.amount,
        item.fee,
        item.decimals,
        item.symbol,
        item.blockNumber,
        item.blockTime,
      ],
    );
};

type Row = {
  id: string;
  org_id: string;
  wallet_id: string;
  direction: 'In' | 'Out';
  network: string;
  tx_hash: string;
  place: number;
  contract: string | null;
  from_address: string;
  to_address: string;
  amount: string;
  fee: string | null;
  decimals: number | null;
  symbol: string | null;
  block_number: string;
  block_time: Date;
};

const COLUMNS = `id::text AS id, org_id, wallet_id, direction, network, tx_hash, place, contract, from_address, to_address,
  amount::text AS amount, fee::text AS fee, decimals, symbol, block_number::text AS block_number, block_time`;

const transferOf = (row: Row): WalletTransferRow => ({
  id: row.id,
  orgId: row.org_id,
  walletId: row.wallet_id,
  direction: row.direction,
  network: row.network,
  txHash: row.tx_hash,
  place: row.place,
  contract: row.contract,
  from: row.from_address,
  to: row.to_address,
  amount: row.amount,
  fee: row.fee,
  decimals: row.decimals,
  symbol: row.symbol,
  blockNumber: Number(row.block_number),
  blockTime: row.block_time,
});

/** Transfers that came in and were not shown to any policy yet, oldest first. */
export const unjudgedTransfers = async (sql: Sql, limit: number): Promise<readonly WalletTransferRow[]> => {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM wallet_transfers WHERE direction = 'In' AND NOT is_judged ORDER BY wallet_transfers.id LIMIT $1::int`,
    [limit],
  );
  return rows.map(transferOf);
};

export const markJudged = async (sql: Sql, id: string): Promise<void> => {
  await sql.query('UPDATE wallet_transfers SET is_judged = TRUE WHERE id = $1::bigint', [id]);
};

export type HistoryFilter = {
  readonly direction?: 'In' | 'Out';
  readonly kind?: 'NativeTransfer' | 'Erc20Transfer';
  readonly contract?: string;
};

/** A wallet's transfers, newest first. `before` is the id the last page ended at. */
export const walletHistory = async (
  sql: Sql,
  orgId: string,
  walletId: string,
  filter: HistoryFilter,
  page: { readonly before?: string; readonly limit: number },
): Promise<readonly WalletTransferRow[]> => {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM wallet_transfers WHERE org_id = $1 AND wallet_id = $2 AND ($3::bigint IS NULL OR id < $3::bigint)
       AND ($4::text IS NULL OR direction = $4) AND ($5::boolean IS NULL OR (contract IS NULL) = $5)
       AND ($6::text IS NULL OR contract = $6) ORDER BY wallet_transfers.id DESC LIMIT $7::int`,
    [
      orgId,
      walletId,
      page.before ?? null,
      filter.direction ?? null,
      filter.kind === undefined ? null : filter.kind === 'NativeTransfer',
      filter.contract?.toLowerCase() ?? null,
      page.limit,
    ],
  );
  return rows.map(transferOf);
};

/** Both ends of the span are in it. */
export type OrgHistoryFilter = { readonly from: Date; readonly to: Date; readonly delegatedTo?: string };

/** Transfers of all wallets of an organisation in a span of time, newest first, or of those handed to one end user. */
export const orgHistory = async (
  sql: Sql,
  orgId: string,
  filter: OrgHistoryFilter,
  page: { readonly before?: { readonly time: Date; readonly id: string }; readonly limit: number },
): Promise<readonly WalletTransferRow[]> => {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM wallet_transfers WHERE org_id = $1 AND block_time >= $2 AND block_time <= $3
       AND ($4::bigint IS NULL OR (block_time, wallet_transfers.id) < ($5::timestamptz, $4::bigint))
       AND ($6::text IS NULL OR wallet_id IN (SELECT r.id FROM ledger_records r
         WHERE r.org_id = $1 AND r.kind = 'wallet' AND r.record->>'delegatedTo' = $6))
     ORDER BY block_time DESC, wallet_transfers.id DESC LIMIT $7::int`,
    [
      orgId,
      filter.from,
      filter.to,
      page.before?.id ?? null,
      page.before?.time ?? null,
      filter.delegatedTo ?? null,
      page.limit,
    ],
  );
  return rows.map(transferOf);
};
