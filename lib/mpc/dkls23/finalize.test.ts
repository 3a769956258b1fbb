import { describe, expect, test } from 'vitest';
import { encodePoint, encodeScalar, invert, mod, multiplyBase, ORDER } from '../encoding';
import { concat } from '../framing';
import { fromHex } from '../primitives';
import { verifySignature } from '../verify-signature';
import { assertUsableNonce, type EcdsaSignature, finalizeSignature } from './finalize';

const secretKey = 0x1234567890abcdefn;
const publicKey = encodePoint(multiplyBase(secretKey));
const digest = new Uint8Array(32).fill(5);
const h = BigInt(`0x${Buffer.from(digest).toString('hex')}`);

/** The nonce point of k, and sums u = 1 / (k * factor)^-1 and w as signers with nonce k would reach. */
const sumsFor = (k: bigint) => {
  const { x, y } = multiplyBase(k).toAffine();
  const phi = 77n;
  return { nonce: { x, isOdd: (y & 1n) === 1n }, sums: { u: mod(k * phi), w: mod(phi * (h + x * secretKey)) } };
};

const sOf = (k: bigint): bigint => {
  const { sums } = sumsFor(k);
  return mod(sums.w * invert(sums.u));
};

const bytesOf = ({ r, s }: EcdsaSignature) => concat(fromHex(r.slice(2)), fromHex(s.slice(2)));

// The four cases: parity of R.y, and whether s is above q/2.
const cases = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
].map(([isOdd, isHigh]) => {
  const k = Array.from({ length: 64 }, (_, i) => BigInt(i + 2)).find(
    (candidate) => sumsFor(candidate).nonce.isOdd === isOdd && sOf(candidate) > ORDER / 2n === isHigh,
  );
  return [isOdd ? 'odd' : 'even', isHigh ? 'high' : 'low', k ?? 0n] as const;
});

describe('the final signature', () => {
  test.each(cases)('with %s R.y and %s s leaves in low-s form with the right recovery id', (parity, size, k) => {
    const { nonce, sums } = sumsFor(k);
    const signature = finalizeSignature(nonce, sums, digest, publicKey);
    expect(BigInt(signature.s) <= ORDER / 2n).toBe(true);
    expect(signature.recid).toBe((parity === 'odd') !== (size === 'high') ? 1 : 0);
    expect(verifySignature({ publicKey, digest, signature: bytesOf(signature) })).toBe(true);
    expect(signature.r).toMatch(/^0x[0-9a-f]{64}$/);
    expect(signature.s).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('is refused when it does not verify, is for another digest or another key', () => {
    const { nonce, sums } = sumsFor(5n);
    const attempt =
      (d: Uint8Array, key: Uint8Array, w = sums.w) =>
      () =>
        finalizeSignature(nonce, { u: sums.u, w }, d, key);
    expect(attempt(digest, publicKey)).not.toThrow();
    expect(attempt(digest, publicKey, mod(sums.w + 1n))).toThrow('does not verify');
    expect(attempt(new Uint8Array(32), publicKey)).toThrow('does not verify');
    expect(attempt(digest, encodePoint(multiplyBase(3n)))).toThrow('does not verify');
  });

  test('is refused when the parity of R is wrong, because it would recover to another key', () => {
    const { nonce, sums } = sumsFor(5n);
    const wrong = { ...nonce, isOdd: !nonce.isOdd };
    expect(() => finalizeSignature(wrong, sums, digest, publicKey)).toThrow('does not verify');
  });

  test.each([
    ['u', { u: 0n, w: 5n }],
    ['w', { u: 5n, w: 0n }],
  ])('is refused as invalid when the sum of %s is zero', (_, sums) => {
    expect(() => finalizeSignature(sumsFor(5n).nonce, sums, digest, publicKey)).toThrow('does not verify');
  });

  test('an x of R that is zero, the order or above it is a retryable abort', () => {
    for (const x of [0n, ORDER, ORDER + 5n]) {
      expect(() => assertUsableNonce({ x, isOdd: false })).toThrow(
        expect.objectContaining({ abort: expect.objectContaining({ class: 'retryable' }) }),
      );
    }
    expect(assertUsableNonce({ x: ORDER - 1n, isOdd: false })).toBe(ORDER - 1n);
  });

  test('a signature with s of zero or r of zero is never valid', () => {
    const r = encodeScalar(5n);
    expect(verifySignature({ publicKey, digest, signature: concat(r, new Uint8Array(32)) })).toBe(false);
    expect(verifySignature({ publicKey, digest, signature: concat(new Uint8Array(32), r) })).toBe(false);
  });
});
