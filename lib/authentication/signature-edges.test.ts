import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { concatBytes, hexToBytes, utf8ToBytes } from '@/lib/domain/hash';
import { writeDer, writeUnsigned } from './der';
import { verifyCredentialSignatureInBrowser } from './noble-verifier';
import { verifyCredentialSignature } from './node-verifier';

// What the Wycheproof vectors look for, made here from fresh keys, so that it is tried wherever the repository is.

const DATA = utf8ToBytes('a request');
type Kind = 'P-256' | 'P-384' | 'P-521' | 'secp256k1' | 'Ed25519' | 'RSA';
const ORDERS: Readonly<Record<string, string>> = {
  'P-256': 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  'P-384': 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  'P-521':
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  secp256k1: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
};

const keyPair = (kind: Kind): { publicKey: KeyObject; privateKey: KeyObject } => {
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519');
  return kind === 'RSA'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: kind });
};
const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** What OpenSSL and noble say, which must agree. */
const verdict = (publicKey: string, signature: Uint8Array, data = DATA): boolean => {
  const input = { publicKey, data, signature };
  const [node, browser] = [verifyCredentialSignature(input), verifyCredentialSignatureInBrowser(input)];
  expect(browser).toBe(node);
  return node;
};

const bytesOf = (value: bigint): Uint8Array => {
  const hex = value.toString(16);
  return hexToBytes(hex.length % 2 === 0 ? hex : `0${hex}`);
};
const integer = (value: bigint): Uint8Array => writeUnsigned(bytesOf(value));
const pair = (r: bigint, s: bigint): Uint8Array => writeDer(0x30, integer(r), integer(s));

const readPair = (der: Uint8Array): readonly [bigint, bigint] => {
  const start = der[1] === 0x81 ? 3 : 2;
  const rLength = der[start + 1] ?? 0;
  const number = (from: number, length: number) =>
    BigInt(`0x${Buffer.from(der.subarray(from, from + length)).toString('hex')}`);
  return [number(start + 2, rLength), number(start + 4 + rLength, der[start + 3 + rLength] ?? 0)];
};

describe.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)('ECDSA on %s', (curve) => {
  const { publicKey, privateKey } = keyPair(curve);
  const pem = pemOf(publicKey);
  const order = BigInt(`0x${ORDERS[curve]}`);
  const der = new Uint8Array(sign('sha256', DATA, privateKey));
  const [r, s] = readPair(der);
  test('verifies as it was made, and over nothing else', () => {
    expect(verdict(pem, der)).toBe(true);
    expect(verdict(pem, pair(r, s))).toBe(true);
    expect(verdict(pem, der, utf8ToBytes('another request'))).toBe(false);
    expect(verdict(pemOf(keyPair(curve).publicKey), der)).toBe(false);
  });
  const WRONG: readonly [string, () => Uint8Array][] = [
    ['r = 0', () => pair(0n, s)],
    ['s = 0', () => pair(r, 0n)],
    ['both 0', () => pair(0n, 0n)],
    ['both 1', () => pair(1n, 1n)],
    ['r the order', () => pair(order, s)],
    ['s the order', () => pair(r, order)],
    ['r beyond the order', () => pair(r + order, s)],
    ['s beyond the order', () => pair(r, s + order)],
    ['r and s swapped', () => pair(s, r)],
    ['a negative r', () => writeDer(0x30, writeDer(2, concatBytes(Uint8Array.of(0xff), bytesOf(r))), integer(s))],
    ['a zero more before r', () => writeDer(0x30, writeDer(2, Uint8Array.of(0, 0), bytesOf(r)), integer(s))],
    ['a byte behind', () => concatBytes(der, Uint8Array.of(0))],
    ['a byte less', () => der.subarray(0, der.length - 1)],
    ['a third integer', () => writeDer(0x30, integer(r), integer(s), integer(1n))],
    ['one integer', () => writeDer(0x30, integer(r))],
    ['a set in place of the sequence', () => concatBytes(Uint8Array.of(0x31), der.subarray(1))],
    ['a length of indefinite form', () => concatBytes(Uint8Array.of(0x30, 0x80), der.subarray(2), Uint8Array.of(0, 0))],
    ['a length in more bytes than it takes', () => concatBytes(Uint8Array.of(0x30, 0x82, 0), der.subarray(1))],
    ['nothing', () => new Uint8Array(0)],
  ];
  test.each(WRONG)('is refused with %s', (_, forge) => {
    expect(verdict(pem, forge())).toBe(false);
  });
});

describe('Ed25519', () => {
  const { publicKey, privateKey } = keyPair('Ed25519');
  const pem = pemOf(publicKey);
  const signature = new Uint8Array(sign(null, DATA, privateKey));
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const littleOf = (value: bigint): Uint8Array =>
    new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse());
  test('verifies as it was made, and over nothing else', () => {
    expect(verdict(pem, signature)).toBe(true);
    expect(verdict(pem, signature, utf8ToBytes('another request'))).toBe(false);
  });
  const R = signature.subarray(0, 32);
  const s = little(signature.subarray(32));
  const WRONG: readonly [string, Uint8Array][] = [
    ['S beyond the order', concatBytes(R, littleOf(s + order))],
    ['S = 0', concatBytes(R, littleOf(0n))],
    ['S the order', concatBytes(R, littleOf(order))],
    ['R the neutral point', concatBytes(littleOf(1n), signature.subarray(32))],
    ['R no point', concatBytes(new Uint8Array(32).fill(0xff), signature.subarray(32))],
    ['a byte behind', concatBytes(signature, Uint8Array.of(0))],
    ['a byte less', signature.subarray(0, 63)],
    ['nothing', new Uint8Array(0)],
  ];
  test.each(WRONG)('is refused with %s', (_, forged) => {
    expect(verdict(pem, forged)).toBe(false);
  });
});

describe('RSA', () => {
  const { publicKey, privateKey } = keyPair('RSA');
  const pem = pemOf(publicKey);
  const signature = new Uint8Array(sign('sha256', DATA, privateKey));
  const WRONG: readonly [string, () => Uint8Array][] = [
    ['another digest', () => new Uint8Array(sign('sha1', DATA, privateKey))],
    ['PSS padding', () => new Uint8Array(sign('sha256', DATA, { key: privateKey, padding: 6, saltLength: 32 }))],
    ['the number 0', () => new Uint8Array(256)],
    ['the number 1', () => concatBytes(new Uint8Array(255), Uint8Array.of(1))],
    ['a number beyond the modulus', () => new Uint8Array(256).fill(0xff)],
    ['a zero before', () => concatBytes(Uint8Array.of(0), signature)],
    ['a byte less', () => signature.subarray(0, 255)],
    ['a bit flipped', () => signature.map((byte, i) => (i === 100 ? byte ^ 1 : byte))],
    ['nothing', () => new Uint8Array(0)],
  ];
  test('verifies as it was made', () => {
    expect(verdict(pem, signature)).toBe(true);
  });
  test.each(WRONG)('is refused with %s', (_, forge) => {
    expect(verdict(pem, forge())).toBe(false);
  });
});
