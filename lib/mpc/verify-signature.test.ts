import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { encodePoint, encodeScalar, multiplyBase, ORDER } from './encoding';
import { fromHex, sha256 } from './primitives';
import { recoversTo, verifySignature } from './verify-signature';

type VectorFile = {
  numberOfTests: number;
  testGroups: {
    publicKey: { uncompressed: string };
    tests: { tcId: number; comment: string; msg: string; sig: string; result: 'valid' | 'invalid' | 'acceptable' }[];
  }[];
};

const directory = path.join(
  process.env.VECTORS_DIR ?? path.resolve(import.meta.dirname, '../../../shared/vectors'),
  'wycheproof',
);
const FILES = {
  compact: path.join(directory, 'ecdsa_secp256k1_sha256_p1363_test.json'),
  der: path.join(directory, 'ecdsa_secp256k1_sha256_bitcoin_test.json'),
};

/** Every vector with our verdict and the one that strict low-s verification must give. */
const judge = (encoding: 'compact' | 'der') => {
  const file = JSON.parse(readFileSync(FILES[encoding], 'utf8')) as VectorFile;
  const verdicts = file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, msg, sig, result }) => {
      const digest = sha256(fromHex(msg));
      const signature = fromHex(sig);
      const isValid = verifySignature({ publicKey: fromHex(publicKey.uncompressed), digest, signature, encoding });
      const isHigh = encoding === 'compact' && sig.length === 128 && BigInt(`0x${sig.slice(64)}`) > ORDER / 2n;
      return { tcId, isValid, isExpected: result === 'valid' && !isHigh, isHigh, result };
    }),
  );
  return { verdicts, numberOfTests: file.numberOfTests };
};

describe('Wycheproof, ECDSA on secp256k1 with SHA-256', () => {
  test.skipIf(!existsSync(FILES.compact))('p1363: each verdict is the published one, but high s is refused', () => {
    const { verdicts, numberOfTests } = judge('compact');
    expect(verdicts).toHaveLength(numberOfTests);
    expect(verdicts.filter(({ isValid, isExpected }) => isValid !== isExpected)).toEqual([]);
    expect(verdicts.filter(({ isValid }) => isValid).length).toBeGreaterThan(50);
    expect(verdicts.filter(({ isHigh, result }) => isHigh && result === 'valid').length).toBeGreaterThan(0);
  });

  test.skipIf(!existsSync(FILES.der))('bitcoin (DER, low s): each verdict is the published one', () => {
    const { verdicts, numberOfTests } = judge('der');
    expect(verdicts).toHaveLength(numberOfTests);
    expect(verdicts.filter(({ isValid, isExpected }) => isValid !== isExpected)).toEqual([]);
    expect(verdicts.filter(({ isValid }) => isValid).length).toBeGreaterThan(50);
  });
});

describe('the verification entry point', () => {
  const publicKey = encodePoint(multiplyBase(7n));

  test('refuses malformed keys, digests and signatures without throwing', () => {
    const digest = new Uint8Array(32);
    const signature = new Uint8Array(64).fill(1);
    expect(verifySignature({ publicKey: new Uint8Array(33), digest, signature })).toBe(false);
    expect(verifySignature({ publicKey, digest: new Uint8Array(31), signature })).toBe(false);
    expect(verifySignature({ publicKey, digest, signature: signature.slice(1) })).toBe(false);
    expect(verifySignature({ publicKey, digest, signature: new Uint8Array(0), encoding: 'der' })).toBe(false);
  });

  test.each([31, 33])('refuses a signature over %i bytes instead of a digest', (length) => {
    const message = new Uint8Array(length).fill(3);
    const secretKey = encodeScalar(7n);
    const signature = secp256k1.sign(message, secretKey, { prehash: false });
    expect(verifySignature({ publicKey, digest: message, signature })).toBe(false);
  });

  test('a recovery that gives another key is told apart', () => {
    const digest = new Uint8Array(32).fill(1);
    const signature = new Uint8Array(64).fill(1);
    expect(recoversTo({ publicKey, digest, signature, recid: 0 })).toBe(false);
  });
});

test('a key that signs often is judged as every other', () => {
  const secretKey = secp256k1.utils.randomSecretKey();
  const publicKey = secp256k1.getPublicKey(secretKey);
  for (let i = 0; i < 60; i += 1) {
    const digest = sha256(new Uint8Array([i]));
    const signature = secp256k1.sign(digest, secretKey, { prehash: false, lowS: true });
    const altered = { publicKey, digest: Uint8Array.from(digest), signature: Uint8Array.from(signature) };
    if (i % 3 === 1) altered.signature[i] = (altered.signature[i] ?? 0) ^ 1;
    if (i % 3 === 2) altered.digest[i % 32] = (altered.digest[i % 32] ?? 0) ^ 1;
    if (i === 30) altered.signature.fill(0);
    if (i === 33) altered.signature.fill(0, 32);
    if (i === 36) altered.signature.fill(255);
    if (i === 39) altered.digest.fill(0);
    if (i === 42)
      altered.signature.set(encodeScalar(ORDER - BigInt(`0x${Buffer.from(signature.slice(32)).toString('hex')}`)), 32);
    const isValid = i % 3 === 0 && ![30, 33, 36, 39, 42].includes(i);
    expect(verifySignature(altered), String(i)).toBe(isValid);
    expect(verifySignature({ ...altered, signature: altered.signature.slice(1) })).toBe(false);
  }
});
