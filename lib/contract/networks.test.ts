import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as chains from 'viem/chains';
import { describe, expect, test } from 'vitest';
import { networkName } from './network-name';
import { findNetwork, isAddress, isEnabled, isEnabledNetwork, NETWORKS } from './networks';

const find = (name: string) => {
  const network = findNetwork(name);
  if (!network) throw new Error(`no network ${name}`);
  return network;
};

describe('networks', () => {
  test('are the 130 of the dialect and 3 that only sign', () => {
    expect(new Set(NETWORKS.map((network) => network.name)).size).toBe(133);
    expect(NETWORKS.filter((network) => network.family === 'KeyOnly').map((network) => network.name)).toEqual([
      'KeyECDSA',
      'KeyEdDSA',
      'KeyECDSAStark',
    ]);
    expect(NETWORKS.filter((network) => network.family === 'Evm')).toHaveLength(63);
  });

  test('are those the SDK declares for a wallet', () => {
    const types = createRequire(import.meta.url)
      .resolve('@dfns/sdk/generated/wallets/types.js')
      .replace(/js$/, 'd.ts');
    const body = /type CreateWalletBody = \{([\s\S]*?)name\?:/.exec(readFileSync(types, 'utf8'))?.[1] ?? '';
    const declared = [...body.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    expect(NETWORKS.map((network) => network.name).sort()).toEqual(declared.sort());
  });

  test('have kebab names that lead back to them', () => {
    expect(new Set(NETWORKS.map((network) => network.kebab)).size).toBe(133);
    for (const network of NETWORKS) expect(findNetwork(network.kebab)).toBe(network);
    expect(find('EthereumSepolia').kebab).toBe('ethereum-sepolia');
    expect(find('AvalancheCFuji').kebab).toBe('avalanche-c-fuji');
    expect(find('KeyECDSAStark').kebab).toBe('key-ecdsa-stark');
  });

  test('that are enabled carry the chain id and coin that viem knows too', () => {
    const judges = new Map(Object.values(chains).map((chain) => [chain.id as number, chain.nativeCurrency]));
    for (const network of NETWORKS.filter((candidate) => candidate.enabled && candidate.family === 'Evm')) {
      const judge = judges.get(network.chainId ?? 0);
      expect(judge?.symbol, network.name).toBe(network.native?.symbol);
      expect(judge?.decimals, network.name).toBe(network.native?.decimals);
    }
    expect(find('EthereumSepolia').chainId).toBe(chains.sepolia.id);
    expect(find('EthereumHoodi').chainId).toBe(chains.hoodi.id);
    expect(find('BaseSepolia').chainId).toBe(chains.baseSepolia.id);
    expect(find('ArbitrumSepolia').chainId).toBe(chains.arbitrumSepolia.id);
    expect(find('OptimismSepolia').chainId).toBe(chains.optimismSepolia.id);
    expect(find('PolygonAmoy').chainId).toBe(chains.polygonAmoy.id);
    expect(find('AvalancheCFuji').chainId).toBe(chains.avalancheFuji.id);
    expect(find('BscTestnet').chainId).toBe(chains.bscTestnet.id);
    expect(find('Ethereum').chainId).toBe(chains.mainnet.id);
    expect(find('Base').chainId).toBe(chains.base.id);
    expect(find('ArbitrumOne').chainId).toBe(chains.arbitrum.id);
    expect(find('Optimism').chainId).toBe(chains.optimism.id);
    expect(find('Polygon').chainId).toBe(chains.polygon.id);
    expect(find('AvalancheC').chainId).toBe(chains.avalanche.id);
    expect(find('Bsc').chainId).toBe(chains.bsc.id);
  });

  test('with money of value stay refused until the operator switches them on', () => {
    for (const network of NETWORKS.filter((candidate) => candidate.mainnet)) {
      expect(isEnabled(network, 'refused'), network.name).toBe(false);
    }
    expect(isEnabled(find('Ethereum'), 'experimental')).toBe(true);
    expect(isEnabled(find('Bitcoin'), 'experimental')).toBe(false);
    expect(isEnabled(find('EthereumSepolia'), 'refused')).toBe(true);
    expect(isEnabled(find('KeyECDSA'), 'refused')).toBe(true);
    expect(isEnabled(find('KeyEdDSA'), 'refused')).toBe(false);
    expect(isEnabledNetwork('Ethereum', 'refused')).toBe(false);
    expect(isEnabledNetwork('Ethereum', 'experimental')).toBe(true);
    expect(isEnabledNetwork('Nowhere', 'experimental')).toBe(false);
  });

  test('that look like test networks by name are not marked as mainnets', () => {
    const testName =
      /Testnet|Sepolia|Goerli|Devnet|Signet|Holesky|Hoodi|Fuji|Amoy|Mumbai|Preprod|Alfajores|Apothem|Nile/;
    expect(NETWORKS.filter((network) => network.mainnet && testName.test(network.name))).toEqual([]);
  });

  test('use the key their family needs', () => {
    expect(find('EthereumSepolia')).toMatchObject({ scheme: 'ECDSA', curve: 'secp256k1' });
    expect(find('Solana')).toMatchObject({ scheme: 'EdDSA', curve: 'ed25519' });
    expect(find('Starknet')).toMatchObject({ scheme: 'ECDSA', curve: 'stark' });
  });

  test('are found by own names only', () => {
    expect(findNetwork('constructor')).toBeNull();
    expect(networkName.safeParse('ethereum-sepolia').success).toBe(false);
  });

  test('have addresses of their own shape', () => {
    const evm = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
    expect(isAddress('Evm', evm)).toBe(true);
    expect(isAddress('Evm', evm.slice(0, -1))).toBe(false);
    expect(isAddress('Evm', `${evm}\n`)).toBe(false);
    expect(isAddress('Solana', evm)).toBe(false);
    expect(isAddress('KeyOnly', evm)).toBe(false);
  });
});
