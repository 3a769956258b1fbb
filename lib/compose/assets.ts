import type { SubmitDeps } from '@/lib/activity/submit';
import type { EvmClient } from '@/lib/chain/evm/client';
import type { Services, WalletAsset } from '@/lib/http/services';

/** Token contracts (lower case) this installation shows, by network. */
export type ConfiguredTokens = (network: string) => readonly string[];

/** Balances of a wallet: the native coin and the configured tokens it holds some of. A node that can't be reached is an error, not a zero. */
export const walletAssets =
  (
    clients: (network: string) => EvmClient | null,
    tokens: ConfiguredTokens,
    price: SubmitDeps['price'],
  ): Services['assets'] =>
  async ({ network, address }) => {
    const client = clients(network);
    if (!client || !address) return [];
    const quoteOf = async (asset: string) => {
      const signed = await price({ network, asset });
      return signed ? { quotes: { USD: Number(signed.usd) } } : {};
    };
    const native: WalletAsset = {
      kind: 'Native',
      symbol: client.network.symbol,
      decimals: 18,
      balance: (await client.balance(address)).toString(),
      ...(await quoteOf('native')),
    };
    const held = await Promise.all(
      tokens(network).map(async (contract): Promise<WalletAsset[]> => {
        const balance = await client.tokenBalance(contract, address);
        if (balance === null || balance === 0n) return [];
        const { decimals, symbol } = await client.tokenMetadata(contract);
        return [
          {
            kind: 'Erc20',
            contract,
            ...(symbol ? { symbol } : {}),
            decimals,
            balance: balance.toString(),
            ...(await quoteOf(contract)),
          },
        ];
      }),
    );
    return [native, ...held.flat()];
  };
