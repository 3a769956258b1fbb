import { accountForAll, type NonceOwners } from '@/lib/broadcast/account-for';
import { chainOf } from '@/lib/chain/evm/check';
import type { EvmClient } from '@/lib/chain/evm/client';
import { EVM_NETWORKS } from '@/lib/chain/evm/networks';
import { accountsToReconcile, type ChainAlarm, type ReconciledAccount, writeReconciled } from '@/lib/db/chain-alarms';
import { getRecord, getRecords } from '@/lib/db/records';
import type { Sql } from '@/lib/db/sql';
import { pinId } from '@/lib/domain/signing';
import type { Logger } from '@/lib/logger';

/** What is asked of a chain. */
export type ReconciledChain = Pick<EvmClient, 'network' | 'transactionCount' | 'transactionHashAt'>;

export type ReconciliationDeps = {
  readonly sql: Sql;
  readonly chains: (network: string) => ReconciledChain | null;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Whether each address is looked at on every network, or on those of its wallets alone. */
  readonly everywhere?: boolean;
};

/** Wallets looked at between two reads of the database, and nonces of one wallet in one look. */
const PAGE = 100;
const MOST_NONCES = 500;

/**
 * Looks once at every wallet address on its network or on every network with a node, as the key is the same on all: a transaction out of it that the ledger does not account for is
 * written down as an alarm, once and for good. A network that does not answer is looked at the next time.
 * @returns the new alarms.
 */
export const reconcileOnce = async (deps: ReconciliationDeps): Promise<readonly ChainAlarm[]> => {
  const networks = [...EVM_NETWORKS.keys()].filter((network) => deps.chains(network) !== null);
  const family = deps.everywhere ? [...EVM_NETWORKS.keys()] : [];
  const raised: ChainAlarm[] = [];
  for (let after = ''; networks.length > 0; ) {
    const accounts = await accountsToReconcile(deps.sql, networks, family, after, PAGE);
    for (const account of accounts) {
      try {
        raised.push(...(await reconcileAccount(account, deps)));
      } catch (err) {
        deps.log.warn({ err, walletId: account.walletId }, 'could not compare a wallet with its chain; trying again');
      }
    }
    const last = accounts.at(-1);
    if (!last || accounts.length < PAGE) break;
    after = last.key;
  }
  for (const alarm of raised) deps.log.error(alarm, 'a transaction on the chain is not in the ledger');
  return raised;
};

const reconcileAccount = async (
  account: ReconciledAccount,
  { sql, chains }: ReconciliationDeps,
): Promise<readonly ChainAlarm[]> => {
  const chain = chains(account.network);
  if (!chain) return [];
  // The chain first: whatever it shows was signed before, so the ledger read after it must know it.
  const count = await chain.transactionCount(account.address);
  if (count <= account.nextNonce) return [];
  // A chain without finality keeps everything open; the alarms don't wait for it.
  const final = await chain.transactionCount(account.address, 'finalized').catch(() => 0);
  const nonces = Array.from(
    { length: Math.min(count - account.nextNonce, MOST_NONCES) },
    (_, i) => account.nextNonce + i,
  );
  const used: NonceOwners[] = [];
  for (const nonce of nonces) used.push(await ownersOf(sql, account, chainOf(chain.network.chainId), nonce));
  const { alarms, settled } = accountForAll(used, Math.max(0, final - account.nextNonce));
  const rows: ChainAlarm[] = [];
  for (const { index, reason } of alarms) {
    const nonce = account.nextNonce + index;
    const { orgId, walletId, network, address } = account;
    rows.push({
      orgId,
      walletId,
      network,
      address,
      nonce,
      reason,
      hash: await chain.transactionHashAt(address, nonce),
    });
  }
  return writeReconciled(sql, { ...account, nextNonce: account.nextNonce + settled }, rows);
};

/** The activities that the ledger lets sign with this nonce. */
const ownersOf = async (
  sql: Sql,
  { orgId, address }: ReconciledAccount,
  chain: string,
  nonce: number,
): Promise<NonceOwners> => {
  const pin = await getRecord(sql, orgId, 'pin', pinId({ chain, sender: address, nonce: String(nonce) }));
  return getRecords(sql, orgId, 'activity', pin ? [pin.holder, pin.cancelledBy ?? ''].filter((id) => id !== '') : []);
};
