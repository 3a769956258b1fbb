import type { EvmClient } from '@/lib/chain/evm/client';
import { EVM_NETWORKS } from '@/lib/chain/evm/networks';
import type { Sql } from '@/lib/db/sql';
import {
  type ChainTransfer,
  hasWallets,
  nextBlock,
  type WalletTransfer,
  walletsAt,
  writeNextBlock,
  writeWalletTransfers,
} from '@/lib/db/wallet-transfers';
import type { Logger } from '@/lib/logger';

/** What is asked of a chain. */
export type FollowedChain = Pick<EvmClient, 'network' | 'head' | 'transfers' | 'receipt' | 'tokenMetadata'>;

type FollowDeps = {
  readonly sql: Sql;
  readonly chains: (network: string) => FollowedChain | null;
  readonly log: Pick<Logger, 'warn'>;
};

/** Blocks read at once, and in one look at a network: others wait for their turn. */
const BLOCKS = 20;
const MOST_BLOCKS = 200;
/** Blocks before the first look that are read as well: a wallet may have been paid before anybody looked. */
const BACKWARD = 50;

/**
 * Reads the confirmed blocks of every network with a node that were not read yet, and writes down what moved into and out of our wallets:
 * the native coin by transactions, tokens by their logs. What a contract pays in the native coin leaves no trace in a block and is not seen.
 */
export const followOnce = async (deps: FollowDeps): Promise<void> => {
  for (const network of EVM_NETWORKS.keys()) {
    const chain = deps.chains(network);
    if (!chain) continue;
    try {
      await followNetwork(chain, deps);
    } catch (err) {
      deps.log.warn({ err, network }, 'could not read what moved on a chain; trying again');
    }
  }
};

const followNetwork = async (chain: FollowedChain, { sql }: FollowDeps): Promise<void> => {
  const { name, confirmations } = chain.network;
  if (!(await hasWallets(sql, name))) return;
  const last = (await chain.head()) - confirmations + 1;
  const first = (await nextBlock(sql, name)) ?? Math.max(0, last - BACKWARD);
  const until = Math.min(last, first + MOST_BLOCKS - 1);
  for (let from = first; from <= until; from += BLOCKS) {
    const to = Math.min(until, from + BLOCKS - 1);
    await writeWalletTransfers(sql, await ours(chain, await chain.transfers(from, to), sql));
    await writeNextBlock(sql, name, to + 1);
  }
};

/** Those of the transfers that touch our wallets, and whose transaction a majority of the nodes knows as mined. */
const ours = async (
  chain: FollowedChain,
  transfers: readonly Omit<ChainTransfer, 'network'>[],
  sql: Sql,
): Promise<WalletTransfer[]> => {
  const network = chain.network.name;
  const wallets = await walletsAt(
    sql,
    network,
    transfers.flatMap(({ from, to }) => [from, to]),
  );
  const found: WalletTransfer[] = [];
  for (const transfer of transfers) {
    const touched = wallets.filter(({ address }) => address === transfer.from || address === transfer.to);
    if (touched.length === 0) continue;
    const receipt = await chain.receipt(transfer.txHash);
    if (!receipt?.succeeded || receipt.blockNumber !== transfer.blockNumber) continue;
    const asset = await assetOf(chain, transfer.contract);
    for (const { orgId, walletId, address } of touched)
      for (const direction of ['In', 'Out'] as const)
        if (address === (direction === 'In' ? transfer.to : transfer.from))
          found.push({
            ...transfer,
            ...asset,
            network,
            orgId,
            walletId,
            direction,
            fee: direction === 'Out' ? receipt.fee.toString() : null,
          });
  }
  return found;
};

const assetOf = async (chain: FollowedChain, contract: string | null) => {
  if (contract === null) return { decimals: 18, symbol: chain.network.symbol };
  // A token says of itself what it likes, or nothing.
  const said = await chain.tokenMetadata(contract).catch(() => null);
  return { decimals: said?.decimals ?? null, symbol: said?.symbol ?? null };
};
