import { describe, expect, test } from 'vitest';
import { EnvironmentError, readEnvironment } from '@/lib/env';

describe('readEnvironment', () => {
  test('an empty environment gives 3 of 4 signers on port 3000 in .data', () => {
    const env = readEnvironment({});
    expect(env).toMatchObject({
      port: 3000,
      signers: 4,
      threshold: 3,
      profile: 'production',
      rateLimit: 1000,
      mainnet: 'refused',
    });
    expect(env.dataDir.endsWith('.data')).toBe(true);
    expect(env.origins).toEqual(['http://localhost:3000']);
    expect(env.rpId).toBe('localhost');
  });
  test('a variable set to nothing counts as unset', () => {
    expect(readEnvironment({ DATABASE_URL: '', PORT: '' })).toMatchObject({ port: 3000, databaseUrl: undefined });
  });
  test('RPC urls are collected by network', () => {
    expect(readEnvironment({ RPC_URL_EthereumSepolia: 'http://a' }).rpcUrls).toEqual({ EthereumSepolia: 'http://a' });
  });
  test('every wrong variable is named', () => {
    expect(() => readEnvironment({ PORT: 'x', MAINNET: 'yes' })).toThrow(/PORT.*MAINNET/);
  });
  test('a threshold above the number of signers is refused', () => {
    expect(() => readEnvironment({ SIGNERS: '2', THRESHOLD: '3' })).toThrow(EnvironmentError);
  });
});
