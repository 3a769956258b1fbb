import { H, HS, mod, ORDER } from '../encoding';
import { concat, u8, u16 } from '../framing';
import { expandAes, sha256, sha512 } from '../primitives';

/**
 * A slow second implementation of specification 4.5 and 4.6, for tests only: matrices of booleans and one BigInt per
 * field element, written from the formulas and sharing nothing with the fast code but the hash and AES.
 */
type Bits = boolean[];

const ROWS = 128;
const COLUMNS = 416;

export const bitsOf = (bytes: Uint8Array): Bits =>
  Array.from({ length: bytes.length * 8 }, (_, i) => (((bytes[Math.floor(i / 8)] ?? 0) >> (i % 8)) & 1) === 1);

export const bytesOf = (bits: Bits): Uint8Array =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit, k) => byte + (bit ? 2 ** k : 0), 0),
  );

export const xor = (a: Bits, b: Bits): Bits => a.map((bit, i) => bit !== b[i]);

const row = (seeds: Uint8Array, i: number, iv: Uint8Array): Bits =>
  bitsOf(expandAes(seeds.slice(32 * i, 32 * i + 32), iv, 80));

/** a * b modulo x^128 + x^7 + x^2 + x + 1; bit k of the integer is the coefficient of x^k. */
export const multiplyInField = (a: bigint, b: bigint): bigint => {
  let product = 0n;
  for (let k = 0n; k < 128n; k += 1n) if ((a >> k) & 1n) product ^= b << k;
  for (let k = 254n; k >= 128n; k -= 1n) {
    if ((product >> k) & 1n) product ^= ((1n << 128n) + 0x87n) << (k - 128n);
  }
  return product;
};

const elementOf = (bits: Bits): bigint => bits.reduce((sum, bit, k) => sum + (bit ? 1n << BigInt(k) : 0n), 0n);

export const bitsOfElement = (element: bigint): Bits =>
  Array.from({ length: 128 }, (_, k) => ((element >> BigInt(k)) & 1n) === 1n);

const hashOf = (bits: Bits, chi: readonly bigint[]): Bits => {
  const blocks = Array.from({ length: 5 }, (_, l) => elementOf(bits.slice(128 * l, 128 * l + 128)));
  return bitsOfElement(chi.reduce((sum, c, l) => sum ^ multiplyInField(c, blocks[l] ?? 0n), blocks[4] ?? 0n));
};

/** Columns of a matrix of rows: bit i of column j is bit j of row i. */
const columnsOf = (rows: Bits[]): Bits[] =>
  Array.from({ length: COLUMNS }, (_, j) => rows.map((bits) => bits[j] ?? false));

/** Bob's extension message and his columns T. */
export const referenceBob = (input: {
  seeds0: Uint8Array;
  seeds1: Uint8Array;
  sid: Uint8Array;
  nonce: Uint8Array;
  choices: Uint8Array;
}): { message: Uint8Array; columns: Bits[] } => {
  const { seeds0, seeds1, sid, nonce } = input;
  const u = bitsOf(input.choices);
  const iv = H('iv', sid, nonce).slice(0, 16);
  const t = Array.from({ length: ROWS }, (_, i) => row(seeds0, i, iv));
  const corrections = t.map((bits, i) => xor(xor(bits, row(seeds1, i, iv)), u));
  const chi = [0, 1, 2, 3].map((l) =>
    elementOf(bitsOf(H('chi', sid, nonce, ...corrections.map(bytesOf), u8(l)).slice(0, 16))),
  );
  const message = concat(
    nonce,
    ...corrections.map(bytesOf),
    bytesOf(hashOf(u, chi)),
    ...t.map((bits) => bytesOf(hashOf(bits, chi))),
  );
  return { message, columns: columnsOf(t) };
};

/**
 * Alice's message and products, from her columns Q, with her nonce and check element given. With `cheatIn`, the first
 * input is one more in the transfers named there, and everything else is made to fit as well as it can.
 */
export const referenceAlice = (input: {
  seeds: Uint8Array;
  delta: Uint8Array;
  sid: Uint8Array;
  bobMessage: Uint8Array;
  nonce: Uint8Array;
  check: bigint;
  inputs: [bigint, bigint];
  cheatIn?: readonly number[];
}): { message: Uint8Array; products: [bigint, bigint] } => {
  const { sid, nonce, check, inputs } = input;
  const nonceB = input.bobMessage.slice(0, 32);
  const iv = H('iv', sid, nonceB).slice(0, 16);
  const delta = bitsOf(input.delta);
  const q = delta.map((bit, i) => {
    const correction = bitsOf(input.bobMessage.slice(32 + 80 * i, 32 + 80 * i + 80));
    const expanded = row(input.seeds, i, iv);
    return bit ? xor(expanded, correction) : expanded;
  });
  const dom = H('ot', sid, nonceB, nonce);
  const pad = (column: Bits, j: number, w: number): bigint =>
    scalarOf(sha512(concat(dom, bytesOf(column), u16(j), u8(w))));
  const columns = columnsOf(q);
  const alpha0 = columns.map((column, j) => [0, 1, 2].map((w) => pad(column, j, w)));
  const alpha1 = columns.map((column, j) => [0, 1, 2].map((w) => pad(xor(column, delta), j, w)));
  const masked = [...inputs, check];
  const cheat = (j: number, w: number): bigint => (w === 0 && input.cheatIn?.includes(j) ? 1n : 0n);
  const adjustments = alpha0.map((pads, j) =>
    pads.map((x, w) => mod(x - (alpha1[j]?.[w] ?? 0n) + (masked[w] ?? 0n) + cheat(j, w))),
  );
  const at = concat(...adjustments.flat().map(bytesOfScalar));
  const transcript = H('theta', sid, nonceB, nonce, at);
  const theta = [HS('theta/i', transcript, u8(1)), HS('theta/i', transcript, u8(2))];
  const eta = mod(check + (theta[0] ?? 0n) * inputs[0] + (theta[1] ?? 0n) * inputs[1]);
  const terms = alpha0.map(([x = 0n, y = 0n, z = 0n]) => mod(z + (theta[0] ?? 0n) * x + (theta[1] ?? 0n) * y));
  const mu = sha256(concat(transcript, ...terms.map(bytesOfScalar)));
  const gadget = referenceGadget(sid);
  const product = (i: number): bigint => mod(gadget.reduce((sum, g, j) => mod(sum - g * (alpha0[j]?.[i] ?? 0n)), 0n));
  return { message: concat(nonce, at, bytesOfScalar(eta), mu), products: [product(0), product(1)] };
};

export const referenceGadget = (sid: Uint8Array): bigint[] => {
  const stream = expandAes(H('gad', sid), new Uint8Array(16), COLUMNS * 48);
  return Array.from({ length: COLUMNS }, (_, j) => scalarOf(stream.slice(48 * j, 48 * j + 48)));
};

/** Bob's multiplier b. */
export const referenceMultiplier = (sid: Uint8Array, choices: Uint8Array): bigint => {
  const beta = bitsOf(choices);
  return mod(referenceGadget(sid).reduce((sum, g, j) => (beta[j] ? sum + g : sum), 0n));
};

const scalarOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % ORDER;

const bytesOfScalar = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 255n));
