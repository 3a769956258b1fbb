import type { BroadcastChain, ChainFor } from '@/lib/broadcast/ports';
import { buildUnsigned } from '@/lib/chain/evm/build';
import { callOf } from '@/lib/chain/evm/call';
import { chainOf } from '@/lib/chain/evm/check';
import { createEvmClient, type EvmClient } from '@/lib/chain/evm/client';
import { explainIntent } from '@/lib/chain/evm/explain';
import { feeLimitsOf } from '@/lib/chain/evm/fee';
import { outbid } from '@/lib/chain/evm/fee-quote';
import { EVM_NETWORKS } from '@/lib/chain/evm/networks';
import { EVM_RULES } from '@/lib/chain/evm/rules';
import { repriced } from '@/lib/chain/evm/speed-up';
import { decodeUnsigned } from '@/lib/chain/evm/unsigned';
import { parseAddress } from '@/lib/chain/hex';

/** The nodes of each network this installation knows, made when first asked for. @param rpcUrls by network name. */
export const evmClients = (rpcUrls: Readonly<Record<string, string>>): ((network: string) => EvmClient | null) => {
  const made = new Map<string, EvmClient>();
  return (name) => {
    const network = EVM_NETWORKS.get(name);
    const urls = rpcUrls[name];
    if (!network || !urls) return null;
    const client = made.get(name) ?? createEvmClient(network, urls);
    made.set(name, client);
    return client;
  };
};

/** What broadcasting needs of each network: the pure rules and the nodes together. */
export const broadcastChains = (clients: (network: string) => EvmClient | null): ChainFor => {
  return (network) => {
    const client = clients(network);
    return client && chainOver(client);
  };
};

const chainOver = (client: EvmClient): BroadcastChain => ({
  ...client,
  chain: chainOf(client.network.chainId),
  confirmations: client.network.confirmations,
  extraFee: client.network.extraFee,
  limits: feeLimitsOf,
  callOf: (intent) => {
    if (intent.requestBody.kind !== 'CancelTransaction') return callOf(intent);
    const to = parseAddress(intent.address);
    return to && { to, value: 0n, data: '0x' };
  },
  tokenOf: (intent) => {
    const { asset, amount } = explainIntent(intent, null);
    return asset?.kind === 'Erc20' && amount !== null ? { contract: asset.contract, amount: BigInt(amount) } : null;
  },
  build: buildUnsigned,
  check: EVM_RULES.checkUnsigned,
  checkCancel: EVM_RULES.checkCancel,
  checkSpeedUp: EVM_RULES.checkSpeedUp,
  reprice: repriced,
  bidOf: (unsigned) => {
    const decoded = decodeUnsigned(unsigned);
    if (!decoded.ok) return null;
    const { maxFeePerGas, maxPriorityFeePerGas, gas, value, nonce } = decoded.value;
    return { maxFeePerGas, maxPriorityFeePerGas, cost: value + gas * maxFeePerGas, nonce };
  },
  outbid,
  attach: EVM_RULES.attach,
});
