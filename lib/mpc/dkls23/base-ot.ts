import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { hashFields } from '../encoding';
import { ascii, u8, u16 } from '../framing';
import type { PartyId, RandomSource } from '../protocol';
import { MalformedBytesError } from '../reader';
import { BASE_OTS, BLOCK_BYTES, SEED_BYTES } from './parameters';

const { Point } = ristretto255;
type GroupElement = ReturnType<typeof Point.fromBytes>;

const ELEMENT_BYTES = 32;
/** Bytes of the receiver's message: r_{i,0}, r_{i,1} for each i. */
export const CHOICES_BYTES = BASE_OTS * 2 * ELEMENT_BYTES;
/** Bytes of the sender's message: A_i for each i. */
export const ANSWERS_BYTES = BASE_OTS * ELEMENT_BYTES;

/** Which pair and which direction: `alice` receives the OTs and will hold Delta. */
export type BaseOtSession = { pairId: Uint8Array; alice: PartyId; bob: PartyId };

/** The receiver's secrets between its message and the sender's. */
export type BaseOtReceiver = { delta: Uint8Array; scalars: readonly bigint[] };

/**
 * Receiver, first message: for each bit c of Delta a point it knows at c, offset by the hash of a random point at 1 - c.
 * @see Masny-Rindal endemic OT (ePrint 2019/706), figure 8; specification 4.3, PS2
 */
export const chooseSeeds = (
  session: BaseOtSession,
  random: RandomSource,
): { message: Uint8Array; receiver: BaseOtReceiver } => {
  const delta = random(BLOCK_BYTES);
  const message = new Uint8Array(CHOICES_BYTES);
  const scalars = Array.from({ length: BASE_OTS }, (_, i) => {
    const choice = bitOf(delta, i);
    const scalar = randomExponent(random);
    const blind = hashToGroup('eot-blind', random(ELEMENT_BYTES)).toBytes();
    const known = Point.BASE.multiply(scalar)
      .subtract(offsetOf(session, i, choice, blind))
      .toBytes();
    message.set(known, (2 * i + choice) * ELEMENT_BYTES);
    message.set(blind, (2 * i + 1 - choice) * ELEMENT_BYTES);
    return scalar;
  });
  return { message, receiver: { delta, scalars } };
};

/**
 * Sender: one fresh A_i per index, and both seeds of each index.
 * @throws {MalformedBytesError} on a wrong length, a non-canonical point or the identity.
 */
export const answerChoices = (
  session: BaseOtSession,
  message: Uint8Array,
  random: RandomSource,
): { message: Uint8Array; seeds0: Uint8Array; seeds1: Uint8Array } => {
  if (message.length !== CHOICES_BYTES) throw new MalformedBytesError('The OT choices have the wrong length.');
  const answers = new Uint8Array(ANSWERS_BYTES);
  const seeds = [new Uint8Array(BASE_OTS * SEED_BYTES), new Uint8Array(BASE_OTS * SEED_BYTES)] as const;
  const points = elementsOf(message);
  for (let i = 0; i < BASE_OTS; i += 1) {
    const exponent = randomExponent(random);
    const answer = Point.BASE.multiply(exponent).toBytes();
    answers.set(answer, i * ELEMENT_BYTES);
    seeds.forEach((into, b) => {
      const own = points[2 * i + b];
      if (own === undefined) throw new RangeError('An OT choice is missing.');
      const base = own.add(offsetOf(session, i, b, elementBytes(message, 2 * i + 1 - b)));
      if (base.is0()) throw new MalformedBytesError('An OT choice cancels its offset.');
      into.set(seedOf(session, i, b, answer, base.multiply(exponent)), i * SEED_BYTES);
    });
  }
  return { message: answers, seeds0: seeds[0], seeds1: seeds[1] };
};

/** Receiver, at the end: the seed of its choice for each index. @throws {MalformedBytesError} as `answerChoices`. */
export const openSeeds = (session: BaseOtSession, receiver: BaseOtReceiver, message: Uint8Array): Uint8Array => {
  if (message.length !== ANSWERS_BYTES) throw new MalformedBytesError('The OT answers have the wrong length.');
  const seeds = new Uint8Array(BASE_OTS * SEED_BYTES);
  const answers = elementsOf(message);
  receiver.scalars.forEach((scalar, i) => {
    const answer = answers[i];
    if (answer === undefined) throw new RangeError('An OT answer is missing.');
    const seed = seedOf(session, i, bitOf(receiver.delta, i), elementBytes(message, i), answer.multiply(scalar));
    seeds.set(seed, i * SEED_BYTES);
  });
  return seeds;
};

const direction = ({ alice, bob }: BaseOtSession): Uint8Array => Uint8Array.of(alice, bob);

// HR of the specification: ties the two points of an index together.
const offsetOf = (session: BaseOtSession, i: number, b: number, other: Uint8Array): GroupElement =>
  hashToGroup('eot', hashFields('ristretto255', 'eot', [session.pairId, direction(session), u16(i), u8(b), other]));

// SECURITY: the index is hashed into the seed; without it equal points would give equal seeds.
const seedOf = (session: BaseOtSession, i: number, b: number, answer: Uint8Array, shared: GroupElement): Uint8Array => {
  const { pairId } = session;
  return hashFields('ristretto255', 'eok', [pairId, direction(session), u16(i), u8(b), answer, shared.toBytes()]);
};

const hashToGroup = (purpose: string, input: Uint8Array): GroupElement =>
  ristretto255_hasher.hashToCurve(input, { DST: ascii(`dkls23-ts/1/ristretto255/${purpose}`) });

const elementsOf = (bytes: Uint8Array): GroupElement[] =>
  Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, i) => elementFromBytes(elementBytes(bytes, i)));

// Decoding accepts only the canonical encoding, so these bytes are what encoding the element again would give.
const elementBytes = (bytes: Uint8Array, i: number): Uint8Array =>
  bytes.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES);

const elementFromBytes = (bytes: Uint8Array): GroupElement => {
  const element = parseElement(bytes);
  if (element === undefined || element.is0())
    throw new MalformedBytesError('The bytes are not a ristretto255 element.');
  return element;
};

const parseElement = (bytes: Uint8Array): GroupElement | undefined => {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
};

const randomExponent = (random: RandomSource): bigint => {
  for (;;) {
    const wide = random(64);
    if (wide.length !== 64) throw new Error('The random source returned the wrong number of bytes.');
    const value = wide.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % Point.Fn.ORDER;
    if (value > 0n) return value;
  }
};

const bitOf = (bits: Uint8Array, i: number): 0 | 1 => ((((bits[i >>> 3] ?? 0) >>> (i & 7)) & 1) === 1 ? 1 : 0);
