import { type Chain, defineChain } from 'viem';
import { createConfig, unstable_connector } from 'wagmi';
import { connect, disconnect, sendTransaction, switchChain } from 'wagmi/actions';
import { injected } from 'wagmi/connectors/injected';
import type { Network } from '@/lib/contract/networks';

/** Whether some extension offers a wallet to pages. */
export const hasBrowserWallet = (): boolean => typeof window !== 'undefined' && 'ethereum' in window;

const chainOf = (network: Network): Chain =>
  defineChain({
    id: network.chainId ?? 0,
    name: network.name,
    nativeCurrency: {
      name: network.native?.symbol ?? 'coin',
      symbol: network.native?.symbol ?? 'coin',
      decimals: network.native?.decimals ?? 18,
    },
    // Everything goes through the extension: this page may talk to its own origin only.
    rpcUrls: { default: { http: [] } },
  });

/**
 * Asks the wallet in the browser to pay. Its owner sees and confirms everything there; nothing of ours is signed.
 * @param amount Base units of the native coin. @returns the transaction's hash.
 * @throws what the extension answers, a refusal of its owner included.
 */
export const payFromBrowserWallet = async (
  network: Network,
  { to, amount }: { readonly to: string; readonly amount: string },
): Promise<string> => {
  const chain = chainOf(network);
  const connector = injected();
  const config = createConfig({
    chains: [chain],
    connectors: [connector],
    multiInjectedProviderDiscovery: false,
    storage: null,
    transports: { [chain.id]: unstable_connector(injected) },
  });
  try {
    const { chainId } = await connect(config, { connector });
    if (chainId !== chain.id) await switchChain(config, { chainId: chain.id });
    return await sendTransaction(config, {
      to: to.toLowerCase() as `0x${string}`,
      value: BigInt(amount),
      gas: null,
      chainId: chain.id,
    });
  } finally {
    await disconnect(config).catch(() => undefined);
  }
};
