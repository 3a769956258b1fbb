/** What the pure rules and the client know of an EVM network. Fees in wei, gas in units. */
export type EvmNetwork = {
  readonly name: string;
  readonly chainId: number;
  readonly symbol: string;
  /** Most a unit of gas may cost in a request's transaction; a cancel may pay twice that, so that it can always outbid. */
  readonly maxFeePerGas: bigint;
  /** Most any transaction may cost, whatever its body says. Signer nodes enforce it as well. */
  readonly hardCap: bigint;
  /** What the chain may take beside gas: OP-stack chains charge for the data they post elsewhere. */
  readonly extraFee: bigint;
  /** Blocks on top of and with the transaction's own before it counts as confirmed. */
  readonly confirmations: number;
};

/** Gas limits by what a transaction does; `call` is what a body without a limit may use, `most` what a body may ask for. */
export const GAS_LIMITS = { native: 60_000n, erc20: 200_000n, call: 1_000_000n, most: 5_000_000n } as const;

const GWEI = 1_000_000_000n;
const COIN = 1_000_000_000_000_000_000n;

type Row = readonly [
  name: string,
  chainId: number,
  symbol: string,
  maxGwei: number,
  confirmations: number,
  options?: { opStack: true },
];

/** Chain ids as in each network's own documentation. The caps are ours: generous for a busy day, far below a fortune. */
const ROWS: readonly Row[] = [
  ['EthereumSepolia', 11_155_111, 'ETH', 200, 1],
  ['EthereumHoodi', 560_048, 'ETH', 200, 12],
  ['BaseSepolia', 84_532, 'ETH', 20, 12, { opStack: true }],
  ['ArbitrumSepolia', 421_614, 'ETH', 20, 12],
  ['OptimismSepolia', 11_155_420, 'ETH', 20, 12, { opStack: true }],
  ['PolygonAmoy', 80_002, 'POL', 2000, 32],
  ['AvalancheCFuji', 43_113, 'AVAX', 500, 4],
  ['BscTestnet', 97, 'tBNB', 50, 15],
  ['Ethereum', 1, 'ETH', 200, 12],
  ['Base', 8453, 'ETH', 20, 12, { opStack: true }],
  ['ArbitrumOne', 42_161, 'ETH', 20, 12],
  ['Optimism', 10, 'ETH', 20, 12, { opStack: true }],
  ['Polygon', 137, 'POL', 2000, 32],
  ['AvalancheC', 43_114, 'AVAX', 500, 4],
  ['Bsc', 56, 'BNB', 50, 15],
];

/** By name. A network that is not here is not served. */
export const EVM_NETWORKS: ReadonlyMap<string, EvmNetwork> = new Map(
  ROWS.map(([name, chainId, symbol, maxGwei, confirmations, options]) => [
    name,
    {
      name,
      chainId,
      symbol,
      maxFeePerGas: BigInt(maxGwei) * GWEI,
      hardCap: maxGwei >= 1000 ? 10n * COIN : COIN,
      extraFee: options?.opStack ? COIN / 1000n : 0n,
      confirmations,
    },
  ]),
);
