import {
  encodeScalar,
  encodeScalars,
  H,
  HS,
  mod,
  ORDER,
  randomScalar,
  scalarFromBytes,
  scalarsFromBytes,
} from '../encoding';
import { concat, u8 } from '../framing';
import { equalBytes, expandAes, sha256, sha512Hex, toHex } from '../primitives';
import type { RandomSource } from '../protocol';
import { createReader } from '../reader';
import { CheatDetectedError } from '../rounds';
import { type ExtensionMessage, extendAsAlice, extendAsBob } from './ot-extension';
import type { PairState } from './pair-state';
import { BLOCK_BYTES, HASH_BYTES, OTS, SCALAR_BYTES, SEED_BYTES, WIDTH } from './parameters';

const ADJUSTMENTS_BYTES = OTS * WIDTH * SCALAR_BYTES;
/** Bytes of Alice's message: nonce, adjustments, eta, mu. */
export const MULTIPLICATION_BYTES = SEED_BYTES + ADJUSTMENTS_BYTES + SCALAR_BYTES + HASH_BYTES;

export type MultiplicationMessage = {
  /** nA, 32 bytes. */
  nonce: Uint8Array;
  /** a~_{j,w} as received, j outer, w inner. */
  adjustmentBytes: Uint8Array;
  adjustments: readonly bigint[];
  eta: bigint;
  mu: Uint8Array;
};

/** Splits Alice's message. @throws {MalformedBytesError} on a wrong length or a scalar not below q. */
export const parseMultiplication = (bytes: Uint8Array): MultiplicationMessage => {
  const reader = createReader(bytes);
  const nonce = reader.take(SEED_BYTES);
  const adjustmentBytes = reader.take(ADJUSTMENTS_BYTES);
  const etaBytes = reader.take(SCALAR_BYTES);
  const mu = reader.take(HASH_BYTES);
  reader.end();
  const adjustments = scalarsFromBytes(adjustmentBytes, OTS * WIDTH);
  return { nonce, adjustmentBytes, adjustments, eta: scalarFromBytes(etaBytes), mu };
};

/** What Bob remembers between his message and Alice's. Secret; lives only in memory. */
export type BobState = {
  sid: Uint8Array;
  nonce: Uint8Array;
  choices: Uint8Array;
  columns: Uint8Array;
  gadget: readonly bigint[];
  /** The random multiplier b. */
  multiplier: bigint;
};

/** Session id of one multiplication. The direction is part of it. */
export const multiplicationSid = (sid: Uint8Array, alice: number, bob: number): Uint8Array =>
  H('rvole', sid, u8(alice), u8(bob));

/** Bob's first message, and his random multiplier b = sum_j beta_j * g_j. */
export const multiplyAsBob = (
  seeds: PairState['asBob'],
  sid: Uint8Array,
  random: RandomSource,
): { message: Uint8Array; state: BobState } => {
  const { message, nonce, choices, columns } = extendAsBob(seeds, sid, random);
  const gadget = gadgetOf(sid);
  const multiplier = gadget.reduce((sum, g, j) => sum + BigInt(bitOf(choices, j)) * g, 0n) % ORDER;
  return { message, state: { sid, nonce, choices, columns, gadget, multiplier } };
};

/**
 * Alice's half of the multiplication of two inputs by Bob's b: c_i + d_i = a_i * b.
 * @throws {CheatDetectedError} when Bob's OT extension is inconsistent; nothing may be sent to him then.
 * @see DKLs23 (ePrint 2023/765), functionality RVOLE; specification 4.6
 */
export const multiplyAsAlice = (
  seeds: PairState['asAlice'],
  sid: Uint8Array,
  extension: ExtensionMessage,
  inputs: readonly [bigint, bigint],
  random: RandomSource,
): { message: Uint8Array; products: [bigint, bigint] } => {
  const columns = extendAsAlice(seeds, sid, extension);
  const nonce = random(SEED_BYTES);
  const check = randomScalar(random);
  const [a1, a2] = inputs;
  const gadget = gadgetOf(sid);
  const pads0 = createPads(sid, extension.nonce, nonce);
  const pads1 = createPads(sid, extension.nonce, nonce);

  const adjustments: bigint[] = [];
  const alpha: [bigint, bigint, bigint][] = [];
  let sum1 = 0n;
  let sum2 = 0n;
  gadget.forEach((g, j) => {
    pads0.select(j, columns, undefined);
    pads1.select(j, columns, seeds.delta);
    const x = pads0.next(0) % ORDER;
    const y = pads0.next(1) % ORDER;
    const z = pads0.next(2) % ORDER;
    adjustments.push(mod(x + a1 - pads1.next(0)), mod(y + a2 - pads1.next(1)), mod(z + check - pads1.next(2)));
    alpha.push([x, y, z]);
    sum1 += g * x;
    sum2 += g * y;
  });

  const adjustmentBytes = encodeScalars(adjustments);
  const { transcript, theta1, theta2 } = challengesOf(sid, extension.nonce, nonce, adjustmentBytes);
  const eta = mod(check + theta1 * a1 + theta2 * a2);
  const mu = sha256(concat(transcript, encodeScalars(alpha.map(([x, y, z]) => (z + theta1 * x + theta2 * y) % ORDER))));
  return {
    message: concat(nonce, adjustmentBytes, encodeScalar(eta), mu),
    products: [mod(-sum1), mod(-sum2)],
  };
};

/**
 * Bob's shares d_1, d_2, after checking that Alice used the same inputs in all 416 transfers.
 * @throws {CheatDetectedError} when the check fails: the pair must be burned.
 */
export const finishAsBob = (state: BobState, message: MultiplicationMessage): [bigint, bigint] => {
  const { sid, choices, columns, gadget } = state;
  const { transcript, theta1, theta2 } = challengesOf(sid, state.nonce, message.nonce, message.adjustmentBytes);
  const pads = createPads(sid, state.nonce, message.nonce);
  const terms: bigint[] = [];
  let sum1 = 0n;
  let sum2 = 0n;
  gadget.forEach((g, j) => {
    pads.select(j, columns, undefined);
    const beta = BigInt(bitOf(choices, j));
    const value = (w: number): bigint => (pads.next(w) + beta * at(message.adjustments, j * WIDTH + w)) % ORDER;
    const x = value(0);
    const y = value(1);
    const z = value(2);
    terms.push(mod(z + theta1 * x + theta2 * y - beta * message.eta));
    sum1 += g * x;
    sum2 += g * y;
  });
  const mu = sha256(concat(transcript, encodeScalars(terms)));
  if (!equalBytes(mu, message.mu)) throw new CheatDetectedError('mpc.multiplication_check');
  return [sum1 % ORDER, sum2 % ORDER];
};

/** g_0..g_415: H("gad", sid) expanded with AES-256-CTR from a zero counter, 48 bytes each, reduced. Public. */
export const gadgetOf = (sid: Uint8Array): bigint[] => {
  const hex = toHex(expandAes(H('gad', sid), new Uint8Array(16), OTS * 48));
  return Array.from({ length: OTS }, (_, j) => BigInt(`0x${hex.slice(96 * j, 96 * j + 96)}`) % ORDER);
};

const challengesOf = (sid: Uint8Array, nonceB: Uint8Array, nonceA: Uint8Array, adjustmentBytes: Uint8Array) => {
  const transcript = H('theta', sid, nonceB, nonceA, adjustmentBytes);
  return { transcript, theta1: HS('theta/i', transcript, u8(1)), theta2: HS('theta/i', transcript, u8(2)) };
};

// Pads are SHA-512(dom | column | u16 j | u8 w): all fields of fixed length, so plain concatenation is injective.
const createPads = (sid: Uint8Array, nonceB: Uint8Array, nonceA: Uint8Array) => {
  const input = new Uint8Array(HASH_BYTES + BLOCK_BYTES + 3);
  const view = new DataView(input.buffer);
  input.set(H('ot', sid, nonceB, nonceA), 0);
  return {
    /** Points at column j, moved by `offset` (Delta) when given. */
    select: (j: number, columns: Uint8Array, offset: Uint8Array | undefined): void => {
      input.set(columns.subarray(j * BLOCK_BYTES, (j + 1) * BLOCK_BYTES), HASH_BYTES);
      offset?.forEach((byte, k) => {
        view.setUint8(HASH_BYTES + k, view.getUint8(HASH_BYTES + k) ^ byte);
      });
      view.setUint16(HASH_BYTES + BLOCK_BYTES, j);
    },
    /** The pad of position w as an unreduced integer of 512 bits. */
    next: (w: number): bigint => {
      input[HASH_BYTES + BLOCK_BYTES + 2] = w;
      return BigInt(`0x${sha512Hex(input)}`);
    },
  };
};

const bitOf = (bits: Uint8Array, j: number): number => (at(bits, j >>> 3) >>> (j & 7)) & 1;

const at = <T>(list: ArrayLike<T>, index: number): T => {
  const value = list[index];
  if (value === undefined) throw new RangeError('Index out of range.');
  return value;
};
