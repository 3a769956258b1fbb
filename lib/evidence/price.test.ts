import crypto from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyEd25519 } from '@/lib/authentication/node-verifier';
import { priceHash, type SignedPrice } from './checkpoint';
import { verifySignedPrice } from './price';

const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
const oracleKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('hex');
const NOW = 1_800_000_000_000;
const aPrice = (change: Partial<SignedPrice> = {}): SignedPrice => {
  const fact = { network: 'EthereumSepolia', asset: 'native', decimals: 18, usd: '3000.5', at: NOW, ...change };
  return { ...fact, oracleKey, signature: crypto.sign(null, priceHash(fact), privateKey).toString('hex') };
};
const verify = (price: SignedPrice, at = NOW, oracleKeys = [oracleKey]) =>
  verifySignedPrice(price, { network: 'EthereumSepolia', asset: 'native', at, oracleKeys, verify: verifyEd25519 });

test('a fresh price of the asset asked for, signed by an oracle of the organisation, counts', () => {
  expect(verify(aPrice())).toEqual({ usd: '3000.5', decimals: 18 });
});
test('a price is unknown five minutes after it was signed, and before it was signed', () => {
  expect(verify(aPrice(), NOW + 300_000)).not.toBeNull();
  expect(verify(aPrice(), NOW + 300_001)).toBeNull();
  expect(verify(aPrice(), NOW - 31_000)).toBeNull();
});
test('a price of another asset or network, of another oracle, or altered, is unknown', () => {
  expect(verify(aPrice({ asset: '0x00000000000000000000000000000000000000aa' }))).toBeNull();
  expect(verify(aPrice({ network: 'Ethereum' }))).toBeNull();
  expect(verify(aPrice(), NOW, ['00'.repeat(32)])).toBeNull();
  expect(verify({ ...aPrice(), usd: '1' })).toBeNull();
  expect(verify({ ...aPrice(), decimals: 17 })).toBeNull();
});
test('a malformed price is unknown although it is signed', () => {
  for (const usd of ['-1', '1e3', '', 'NaN', '0x10']) expect(verify(aPrice({ usd }))).toBeNull();
  expect(verify(aPrice({ decimals: 256 }))).toBeNull();
});
