import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import {
  encodePoint,
  encodeScalar,
  encodeScalars,
  H,
  HS,
  multiplyBase,
  ORDER,
  Point,
  pointFromBytes,
  randomScalar,
  scalarFromBytes,
  scalarsFromBytes,
} from './encoding';
import { ascii, concat, frame } from './framing';
import { fromHex, toHex } from './primitives';
import { createReader } from './reader';
import { seededRandom } from './simulation';

const order = fromHex(ORDER.toString(16));

describe('hash framing', () => {
  test('lists of fields with the same concatenation have different hashes', () => {
    expect(H('x', ascii('ab'), ascii('c'))).not.toEqual(H('x', ascii('a'), ascii('bc')));
    expect(H('x', ascii('ab'))).not.toEqual(H('x', ascii('ab'), ascii('')));
    expect(H('xa', ascii('b'))).not.toEqual(H('x', ascii('ab')));
  });

  test('100,000 pairs of different splits of one string never collide', () => {
    const random = seededRandom('splits');
    for (let run = 0; run < 100_000; run += 1) {
      const [length = 0, first = 0, second = 0, ...rest] = random(24);
      const text = Uint8Array.from(rest).subarray(0, 1 + (length % 20));
      const split = (by: number) => [text.subarray(0, by % text.length), text.subarray(by % text.length)];
      if (first % text.length === second % text.length) continue;
      if (toHex(frame('t', split(first))) === toHex(frame('t', split(second)))) throw new Error('A collision.');
    }
  });

  test('a frame is the tag and each part with its length', () => {
    expect(toHex(frame('ab', [ascii('c'), ascii('')]))).toBe('02616200000001630000' + '0000');
  });

  test('a scalar hash is below the group order and depends on every part', () => {
    const values = [HS('s', ascii('a')), HS('s', ascii('b')), HS('r', ascii('a'))];
    expect(new Set(values).size).toBe(3);
    expect(values.every((value) => value < ORDER)).toBe(true);
  });
});

describe('scalars', () => {
  test('zero and the largest scalar survive a round trip', () => {
    for (const value of [0n, 1n, ORDER - 1n]) expect(scalarFromBytes(encodeScalar(value))).toBe(value);
    expect(scalarsFromBytes(encodeScalars([0n, ORDER - 1n]), 2)).toEqual([0n, ORDER - 1n]);
  });

  test('the order and anything above it is refused, never reduced', () => {
    expect(() => scalarFromBytes(order)).toThrow('not below');
    expect(() => scalarFromBytes(new Uint8Array(32).fill(0xff))).toThrow('not below');
    expect(() => scalarsFromBytes(concat(encodeScalar(1n), order), 2)).toThrow('not below');
  });

  test.each([0, 31, 33])('%i bytes are refused', (length) => {
    expect(() => scalarFromBytes(new Uint8Array(length))).toThrow('32 bytes');
    expect(() => scalarsFromBytes(new Uint8Array(length), 1)).toThrow('Expected 1');
  });

  test('a random scalar is drawn again when it is zero or not below the order', () => {
    const draws = [new Uint8Array(32), order, encodeScalar(7n)];
    expect(randomScalar(() => draws.shift() ?? new Uint8Array(32))).toBe(7n);
  });

  test('a random source that returns too little is refused', () => {
    expect(() => randomScalar(() => new Uint8Array(31).fill(1))).toThrow('wrong number');
  });
});

describe('points', () => {
  const point = multiplyBase(5n);

  test('a compressed point survives a round trip', () => {
    expect(pointFromBytes(encodePoint(point)).equals(point)).toBe(true);
  });

  test.each([
    ['the identity as zeros', new Uint8Array(33)],
    ['the identity as one zero byte', new Uint8Array(1)],
    ['nothing', new Uint8Array(0)],
    ['an uncompressed point', point.toBytes(false)],
    ['a hybrid point', point.toBytes(false).map((byte, i) => (i === 0 ? 6 : byte))],
    ['a hybrid tag on 33 bytes', point.toBytes(true).map((byte, i) => (i === 0 ? 6 : byte))],
    ['one byte too few', point.toBytes(true).subarray(0, 32)],
    ['one byte too many', concat(point.toBytes(true), new Uint8Array(1))],
    ['an x that is not on the curve', concat(Uint8Array.of(2), encodeScalar(5n))],
    [
      'an x that is not below the field prime',
      concat(Uint8Array.of(2), fromHex(secp256k1.Point.Fp.ORDER.toString(16))),
    ],
  ])('%s is refused', (_, bytes) => {
    expect(() => pointFromBytes(bytes)).toThrow();
  });

  test('the identity is never encoded', () => {
    expect(() => encodePoint(Point.ZERO)).toThrow('identity');
  });

  test('zero times the base point is the identity', () => {
    expect(multiplyBase(0n).is0()).toBe(true);
  });
});

describe('the reader', () => {
  test('it refuses to read past the end, and bytes left over', () => {
    const reader = createReader(Uint8Array.of(1, 2, 3));
    expect(reader.u16()).toBe(0x0102);
    expect(() => reader.end()).toThrow('left over');
    expect(() => reader.u16()).toThrow('too early');
    expect(() => reader.take(-1)).toThrow('too early');
  });
});
