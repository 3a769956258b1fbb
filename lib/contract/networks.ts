/** Families of chains; `KeyOnly` holds the pseudo networks that only sign. */
export const FAMILIES = [
  'Evm',
  'Bitcoin',
  'BitcoinCash',
  'Solana',
  'Algorand',
  'Aptos',
  'Sui',
  'Iota',
  'Stellar',
  'Tron',
  'Xrpl',
  'Cosmos',
  'Substrate',
  'Polymesh',
  'Canton',
  'Cardano',
  'Concordium',
  'Hedera',
  'Icp',
  'Kaspa',
  'Near',
  'Starknet',
  'Tezos',
  'Ton',
  'KeyOnly',
] as const;
export type Family = (typeof FAMILIES)[number];

export const KEY_SCHEMES = ['DH', 'ECDSA', 'EdDSA', 'Schnorr'] as const;
export const KEY_CURVES = ['ed25519', 'secp256k1', 'stark'] as const;
export type KeyScheme = (typeof KEY_SCHEMES)[number];
export type KeyCurve = (typeof KEY_CURVES)[number];

/** Names by family: first the networks with money of value, then test networks. Contract appendix A. */
const NAMES: Readonly<Record<Family, readonly [mainnets: string, testnets: string]>> = {
  Evm: [
    'ArbitrumOne Areum AvalancheC Adi Base Berachain Bob Bsc Celo Codex Ethereum EthereumClassic FantomOpera FlareC FlowEvm Ink Optimism Plasma Plume Polygon Race Sonic Tempo Tsc Xdc XLayer',
    'ArbitrumGoerli ArbitrumSepolia ArcTestnet AvalancheCFuji AdiTestnet AdiTestnetAb BaseGoerli BaseSepolia BerachainBArtio BerachainBepolia BesuTestnet BobSepolia BscTestnet CeloAlfajores CodexSepolia EthereumClassicMordor EthereumGoerli EthereumSepolia EthereumHolesky EthereumHoodi FantomTestnet FlareCCoston2 FlowEvmTestnet InkSepolia OptimismGoerli OptimismSepolia PlasmaTestnet PlumeSepolia PolygonAmoy PolygonMumbai RaceSepolia SonicTestnet TempoAndantino TempoModerato TscTestnet1 XdcApothem XLayerSepolia',
  ],
  Bitcoin: [
    'Bitcoin Litecoin Dogecoin',
    'BitcoinSignet BitcoinTestnet3 BitcoinTestnet4 LitecoinTestnet DogecoinTestnet',
  ],
  BitcoinCash: ['BitcoinCash', 'BitcoinCashTestnet'],
  Solana: ['Solana', 'SolanaDevnet'],
  Algorand: ['Algorand', 'AlgorandTestnet'],
  Aptos: ['Aptos', 'AptosTestnet'],
  Sui: ['Sui', 'SuiTestnet'],
  Iota: ['Iota', 'IotaTestnet IotaZodianet'],
  Stellar: ['Stellar', 'StellarTestnet'],
  Tron: ['Tron', 'TronNile'],
  Xrpl: ['XrpLedger', 'XrpLedgerTestnet'],
  Cosmos: ['CosmosHub4 BabylonGenesis SeiPacific1', 'CosmosIcsTestnet BabylonTestnet5 SeiAtlantic2'],
  Substrate: ['Polkadot PolkadotAssetHub Kusama KusamaAssetHub', 'Paseo PaseoAssetHub Westend WestendAssetHub'],
  Polymesh: ['Polymesh', 'PolymeshTestnet'],
  Canton: ['Canton', 'CantonDevnet CantonTestnet'],
  Cardano: ['Cardano', 'CardanoPreprod'],
  Concordium: ['Concordium', 'ConcordiumTestnet'],
  Hedera: ['Hedera', 'HederaTestnet'],
  Icp: ['InternetComputer Origyn', ''],
  Kaspa: ['Kaspa', 'KaspaTestnet11'],
  Near: ['Near', 'NearTestnet'],
  Starknet: ['Starknet', 'StarknetSepolia'],
  Tezos: ['Tezos', 'TezosGhostnet TezosShadownet'],
  Ton: ['Ton Ion', 'TonTestnet IonTestnet'],
  KeyOnly: ['', 'KeyECDSA KeyEdDSA KeyECDSAStark'],
};

/** What makes an EVM network usable. Chain ids and coins as published at chainlist and in each network's own documentation. */
type EvmFacts = { readonly chainId: number; readonly symbol: string; readonly decimals: 18 };
const coin = (chainId: number, symbol: string): EvmFacts => ({ chainId, symbol, decimals: 18 });
const EVM: Readonly<Record<string, EvmFacts>> = {
  EthereumSepolia: coin(11155111, 'ETH'),
  EthereumHoodi: coin(560048, 'ETH'),
  BaseSepolia: coin(84532, 'ETH'),
  ArbitrumSepolia: coin(421614, 'ETH'),
  OptimismSepolia: coin(11155420, 'ETH'),
  PolygonAmoy: coin(80002, 'POL'),
  AvalancheCFuji: coin(43113, 'AVAX'),
  BscTestnet: coin(97, 'tBNB'),
  Ethereum: coin(1, 'ETH'),
  Base: coin(8453, 'ETH'),
  ArbitrumOne: coin(42161, 'ETH'),
  Optimism: coin(10, 'ETH'),
  Polygon: coin(137, 'POL'),
  AvalancheC: coin(43114, 'AVAX'),
  Bsc: coin(56, 'BNB'),
};

const ED25519_FAMILIES: readonly Family[] = [
  'Solana',
  'Algorand',
  'Aptos',
  'Sui',
  'Iota',
  'Stellar',
  'Substrate',
  'Polymesh',
  'Canton',
  'Cardano',
  'Concordium',
  'Hedera',
  'Near',
  'Tezos',
  'Ton',
];

/** A network of the dialect. `enabled` says this version can serve it; a `mainnet` one also needs the operator's switch. */
export type Network = {
  readonly name: string;
  /** Name in paths, e.g. `ethereum-sepolia`. */
  readonly kebab: string;
  readonly family: Family;
  readonly scheme: KeyScheme;
  readonly curve: KeyCurve;
  readonly mainnet: boolean;
  readonly enabled: boolean;
  readonly chainId?: number;
  /** Native coin; absent on pseudo networks and on networks that are not enabled. */
  readonly native?: { readonly symbol: string; readonly decimals: number };
};

/** `EthereumSepolia` → `ethereum-sepolia`, `AvalancheCFuji` → `avalanche-c-fuji`, `KeyECDSA` → `key-ecdsa`. */
export const toKebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

const keyOf = (name: string, family: Family): { scheme: KeyScheme; curve: KeyCurve } => {
  if (family === 'Starknet' || name === 'KeyECDSAStark') return { scheme: 'ECDSA', curve: 'stark' };
  if (name === 'KeyEdDSA' || ED25519_FAMILIES.includes(family)) return { scheme: 'EdDSA', curve: 'ed25519' };
  return { scheme: 'ECDSA', curve: 'secp256k1' };
};

const networkOf = (name: string, family: Family, mainnet: boolean): Network => {
  const evm = EVM[name];
  return {
    name,
    kebab: toKebab(name),
    family,
    ...keyOf(name, family),
    mainnet,
    enabled: evm !== undefined || name === 'KeyECDSA',
    ...(evm && { chainId: evm.chainId, native: { symbol: evm.symbol, decimals: evm.decimals } }),
  };
};

/** All 130 networks and 3 pseudo networks. */
export const NETWORKS: readonly Network[] = FAMILIES.flatMap((family) => {
  const [mainnets, testnets] = NAMES[family];
  const list = (names: string, mainnet: boolean) =>
    names
      .split(' ')
      .filter(Boolean)
      .map((name) => networkOf(name, family, mainnet));
  return [...list(mainnets, true), ...list(testnets, false)];
});

const BY_NAME = new Map(
  NETWORKS.flatMap(
    (network) =>
      [
        [network.name, network],
        [network.kebab, network],
      ] as const,
  ),
);

/** Finds a network by its name or kebab name. */
export const findNetwork = (name: string): Network | null => BY_NAME.get(name) ?? null;

/** Whether requests on the network are served. @param mainnet `experimental` when the operator switched mainnets on. */
export const isEnabled = (network: Network, mainnet: 'refused' | 'experimental'): boolean =>
  network.enabled && (!network.mainnet || mainnet === 'experimental');

/** The same by name; false for a name nobody knows. */
export const isEnabledNetwork = (name: string, mainnet: 'refused' | 'experimental'): boolean => {
  const network = findNetwork(name);
  return network !== null && isEnabled(network, mainnet);
};

const ADDRESS: Partial<Readonly<Record<Family, RegExp>>> = {
  Evm: /^0x[0-9a-fA-F]{40}$/,
  Bitcoin: /^(?:[a-z]{2,4}1[02-9ac-hj-np-z]{8,87}|[1-9A-HJ-NP-Za-km-z]{26,35})$/,
  BitcoinCash: /^(?:(?:bitcoincash|bchtest):)?[02-9ac-hj-np-z]{42,}$|^[1-9A-HJ-NP-Za-km-z]{26,35}$/,
  Solana: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/,
  Algorand: /^[A-Z0-9]{58}$/,
  Aptos: /^0x[0-9a-fA-F]{64}$/,
  Sui: /^0x[0-9a-fA-F]{64}$/,
  Iota: /^0x[0-9a-fA-F]{64}$/,
  Stellar: /^(?:G[A-Z0-9]{55}|M[A-Z0-9]{68})$/,
  Tron: /^T[0-9a-zA-Z]{33}$/,
  Xrpl: /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/,
};

/** Whether the text has the shape of an address of the family; false where the family has no check. Checksums are the chain room's. */
export const isAddress = (family: Family, address: string): boolean => ADDRESS[family]?.test(address) ?? false;
