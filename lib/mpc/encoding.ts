import { secp256k1 } from '@noble/curves/secp256k1.js';
import { frame } from './framing';
import { fromHex, sha256, sha512Hex, toHex } from './primitives';
import type { RandomSource } from './protocol';
import { MalformedBytesError } from './reader';

/** The group of secp256k1. */
export const { Point } = secp256k1;
export type CurvePoint = ReturnType<typeof Point.fromBytes>;

// Wider windows than the library's own: a signature takes nine multiplications of the base point.
Point.BASE.precompute(8);

/** q, the order of the group. */
export const ORDER = Point.Fn.ORDER;

/** Reduces an integer, of any sign and size, into [0, q). */
export const mod = (value: bigint): bigint => {
  const rest = value % ORDER;
  return rest >= 0n ? rest : rest + ORDER;
};

/** Inverts a non-zero scalar. @throws on zero. */
export const invert = (value: bigint): bigint => Point.Fn.inv(value);

/**
 * H(tag, p1..pk) of the specification, 4.2: SHA-256 over a length-prefixed framing.
 * @param suite `secp256k1` for everything about a key, `ristretto255` for the curve-independent pair set-up.
 */
export const hashFields = (suite: 'secp256k1' | 'ristretto255', purpose: string, parts: readonly Uint8Array[]) =>
  sha256(frame(`dkls23-ts/1/${suite}/${purpose}`, parts));

/** H over secp256k1 tags. */
export const H = (purpose: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  hashFields('secp256k1', purpose, parts);

/** HS: H widened to 512 bits and reduced, so that the bias is below 2^-250. */
export const HS = (purpose: string, ...parts: readonly Uint8Array[]): bigint => {
  const widened = new Uint8Array(33);
  widened.set(H(purpose, ...parts));
  widened[32] = 0x01;
  return BigInt(`0x${sha512Hex(widened)}`) % ORDER;
};

/** Encodes a scalar in [0, q) as 32 bytes, big-endian. */
export const encodeScalar = (value: bigint): Uint8Array => Point.Fn.toBytes(value);

/** Parses 32 bytes, big-endian. @throws {MalformedBytesError} at q and above: a received scalar is never reduced. */
export const scalarFromBytes = (bytes: Uint8Array): bigint => {
  if (bytes.length !== 32) throw new MalformedBytesError('A scalar has 32 bytes.');
  const value = BigInt(`0x${toHex(bytes)}`);
  if (value >= ORDER) throw new MalformedBytesError('A scalar is not below the group order.');
  return value;
};

/** Encodes a point as 33 bytes, SEC1 compressed. @throws on the identity. */
export const encodePoint = (point: CurvePoint): Uint8Array => {
  if (point.is0()) throw new Error('The identity has no encoding.');
  return point.toBytes(true);
};

/** Parses 33 bytes, SEC1 compressed. @throws {MalformedBytesError} on the identity, other encodings and off-curve x. */
export const pointFromBytes = (bytes: Uint8Array): CurvePoint => {
  if (bytes.length !== 33) throw new MalformedBytesError('A compressed point has 33 bytes.');
  const point = parsePoint(bytes);
  if (point === undefined || point.is0()) throw new MalformedBytesError('The bytes are not a point of the curve.');
  return point;
};

const parsePoint = (bytes: Uint8Array): CurvePoint | undefined => {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
};

/** Multiplies the base point, in constant time as far as noble goes; zero gives the identity. */
export const multiplyBase = (scalar: bigint): CurvePoint => (scalar === 0n ? Point.ZERO : Point.BASE.multiply(scalar));

/** Multiplies a point by a secret scalar, in constant time as far as noble goes; zero gives the identity. */
export const multiply = (point: CurvePoint, scalar: bigint): CurvePoint =>
  scalar === 0n || point.is0() ? Point.ZERO : point.multiply(scalar);

/** Multiplies a public point by a public scalar in [0, q); the time taken depends on both. */
export const multiplyPublic = (point: CurvePoint, scalar: bigint): CurvePoint => point.multiplyUnsafe(scalar);

/** Encodes scalars in [0, q) one after the other, 32 bytes each. */
export const encodeScalars = (values: readonly bigint[]): Uint8Array => {
  let hex = '';
  for (const value of values) hex += value.toString(16).padStart(64, '0');
  return fromHex(hex);
};

/** Parses exactly `count` scalars of 32 bytes. @throws {MalformedBytesError} on another length or a scalar not below q. */
export const scalarsFromBytes = (bytes: Uint8Array, count: number): bigint[] => {
  if (bytes.length !== 32 * count) throw new MalformedBytesError(`Expected ${count} scalars of 32 bytes.`);
  const hex = toHex(bytes);
  return Array.from({ length: count }, (_, i) => {
    const value = BigInt(`0x${hex.slice(64 * i, 64 * i + 64)}`);
    if (value >= ORDER) throw new MalformedBytesError('A scalar is not below the group order.');
    return value;
  });
};

/** Draws a scalar uniform in [1, q). Rejection has probability 2^-128 on secp256k1. */
export const randomScalar = (random: RandomSource): bigint => {
  for (;;) {
    const bytes = random(32);
    if (bytes.length !== 32) throw new Error('The random source returned the wrong number of bytes.');
    const value = BigInt(`0x${toHex(bytes)}`);
    if (value > 0n && value < ORDER) return value;
  }
};
