import { describe, expect, test } from 'vitest';
import { mod, ORDER, randomScalar } from '../encoding';
import { ascii } from '../framing';
import { sha256 } from '../primitives';
import { CheatDetectedError } from '../rounds';
import { dealPairs, isBitSet, seededRandom } from '../simulation';
import { createProductTable, hashRow } from './galois';
import { extendAsAlice, extendAsBob, parseExtension } from './ot-extension';
import type { PairState } from './pair-state';
import { finishAsBob, gadgetOf, multiplicationSid, multiplyAsAlice, multiplyAsBob, parseMultiplication } from './rvole';
import {
  bitsOf,
  bitsOfElement,
  bytesOf,
  multiplyInField,
  referenceAlice,
  referenceBob,
  referenceGadget,
  referenceMultiplier,
  xor,
} from './slow-reference';

const pairs = dealPairs([1, 2], 'rvole');
const pairOf = (me: number, peer: number): PairState => {
  const pair = pairs.get(me)?.get(peer);
  if (pair === undefined) throw new Error('No such pair.');
  return pair;
};
const { asAlice } = pairOf(1, 2);
const { asBob } = pairOf(2, 1);
const sid = multiplicationSid(sha256(ascii('session')), 1, 2);
const inputs: [bigint, bigint] = [randomScalar(seededRandom('a1')), randomScalar(seededRandom('a2'))];

const flipped = (bytes: Uint8Array, index: number, bit = 1): Uint8Array => {
  const copy = bytes.slice();
  copy[index] = (copy[index] ?? 0) ^ bit;
  return copy;
};

const fastBob = () => multiplyAsBob(asBob, sid, seededRandom('bob'));
const fastAlice = (bobMessage: Uint8Array) =>
  multiplyAsAlice(asAlice, sid, parseExtension(bobMessage), inputs, seededRandom('alice'));

const cheat = (bobMessage: Uint8Array) => {
  const random = seededRandom('cheat');
  return { ...asAlice, sid, bobMessage, nonce: random(32), check: randomScalar(random), inputs };
};

describe('GF(2^128)', () => {
  test('a row hash from tables equals the polynomial product', () => {
    const random = seededRandom('field');
    const chi = [0, 1, 2, 3].map(() => random(16));
    const bytes = random(80);
    const out = new DataView(new ArrayBuffer(16));
    hashRow(chi.map(createProductTable), new DataView(bytes.buffer, bytes.byteOffset, 80), 0, out, 0);
    const integer = (block: Uint8Array) => block.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const expected = chi.reduce(
      (sum, c, l) => sum ^ multiplyInField(integer(c), integer(bytes.subarray(16 * l, 16 * l + 16))),
      integer(bytes.subarray(64)),
    );
    expect(new Uint8Array(out.buffer)).toEqual(bytesOf(bitsOfElement(expected)));
  });

  test('x^127 times x is x^7 + x^2 + x + 1', () => {
    expect(multiplyInField(1n << 127n, 2n)).toBe(0x87n);
  });
});

describe('against the slow reference, from one seed', () => {
  test("Bob's extension message is equal byte for byte", () => {
    const random = seededRandom('bob');
    const [nonce, choices] = [random(32), random(80)];
    const reference = referenceBob({ ...asBob, sid, nonce, choices });
    const fast = extendAsBob(asBob, sid, seededRandom('bob'));
    expect(fast.message).toEqual(reference.message);
    expect(fast.columns).toEqual(bytesOf(reference.columns.flat()));
  });

  test("Alice's message and products are equal byte for byte", () => {
    const { message } = fastBob();
    const random = seededRandom('alice');
    const reference = referenceAlice({
      ...asAlice,
      sid,
      bobMessage: message,
      nonce: random(32),
      check: randomScalar(random),
      inputs,
    });
    const fast = fastAlice(message);
    expect(fast.message).toEqual(reference.message);
    expect(fast.products).toEqual(reference.products);
  });

  test("the gadget and Bob's multiplier are equal", () => {
    const { state } = fastBob();
    expect(gadgetOf(sid)).toEqual(referenceGadget(sid));
    expect(state.multiplier).toBe(referenceMultiplier(sid, state.choices));
  });
});

describe('OT extension', () => {
  test('each column of Alice is the column of Bob, moved by Delta where his choice bit is 1', () => {
    const bob = extendAsBob(asBob, sid, seededRandom('bob'));
    const q = bitsOf(extendAsAlice(asAlice, sid, parseExtension(bob.message)));
    const t = bitsOf(bob.columns);
    const delta = bitsOf(asAlice.delta);
    for (let j = 0; j < 416; j += 1) {
      const own = t.slice(128 * j, 128 * j + 128);
      const expected = isBitSet(bob.choices, j) ? xor(own, delta) : own;
      expect(q.slice(128 * j, 128 * j + 128)).toEqual(expected);
    }
  });

  test.each([
    ['the nonce', 0],
    ['a correction of the first row', 32],
    ['a correction of the last row', 32 + 127 * 80],
    ['the last mask byte', 32 + 128 * 80 - 1],
    ['the hash of the choices', 32 + 10_240],
    ['the hash of the first row', 32 + 10_256],
    ['the hash of the last row', 32 + 10_256 + 2_047],
  ])('an altered extension is refused: %s', (_, index) => {
    const { message } = extendAsBob(asBob, sid, seededRandom('bob'));
    expect(() => extendAsAlice(asAlice, sid, parseExtension(flipped(message, index)))).toThrow(CheatDetectedError);
  });

  test('a Delta of all zeros is not treated specially', () => {
    const zeroDelta = { delta: new Uint8Array(16), seeds: asBob.seeds0 };
    const bob = multiplyAsBob(asBob, sid, seededRandom('bob'));
    const alice = multiplyAsAlice(zeroDelta, sid, parseExtension(bob.message), inputs, seededRandom('alice'));
    expect(alice.message).toHaveLength(40_032);
  });

  test('an extension of another direction does not pass', () => {
    const { message } = extendAsBob(asBob, multiplicationSid(sha256(ascii('session')), 2, 1), seededRandom('bob'));
    expect(() => extendAsAlice(asAlice, sid, parseExtension(message))).toThrow(CheatDetectedError);
  });
});

describe('random multiplication', () => {
  test('the shares add up to the products', () => {
    const bob = fastBob();
    const alice = fastAlice(bob.message);
    const shares = finishAsBob(bob.state, parseMultiplication(alice.message));
    inputs.forEach((input, i) => {
      expect(mod((alice.products[i] ?? 0n) + (shares[i] ?? 0n))).toBe(mod(input * bob.state.multiplier));
    });
  });

  test.each([
    ['the nonce', 0],
    ['the first adjustment', 32 + 31],
    ['the adjustment of the check element', 32 + 64 + 31],
    ['the last adjustment', 32 + 39_935],
    ['eta', 32 + 39_936 + 31],
    ['mu', 32 + 39_936 + 32],
  ])('an altered multiplication is refused: %s', (_, index) => {
    const bob = fastBob();
    const message = parseMultiplication(flipped(fastAlice(bob.message).message, index));
    expect(() => finishAsBob(bob.state, message)).toThrow(CheatDetectedError);
  });

  test.each([
    ['passes where the choice bit is 0', false],
    ['is refused where the choice bit is 1', true],
  ])('another input in a single transfer, with everything else made to fit, %s', (_, choice) => {
    const bob = fastBob();
    const j = Array.from({ length: 416 }, (_, k) => k).find((k) => isBitSet(bob.state.choices, k) === choice) ?? 0;
    const { message } = referenceAlice({ ...cheat(bob.message), cheatIn: [j] });
    const finish = () => finishAsBob(bob.state, parseMultiplication(message));
    if (choice) expect(finish).toThrow(CheatDetectedError);
    else expect(finish).not.toThrow();
  });

  test('another input in every transfer but the check is refused', () => {
    const bob = fastBob();
    const { message } = referenceAlice({ ...cheat(bob.message), cheatIn: Array.from({ length: 416 }, (_, j) => j) });
    expect(() => finishAsBob(bob.state, parseMultiplication(message))).toThrow(CheatDetectedError);
  });

  test.each([
    ['an adjustment', 32],
    ['eta', 32 + 39_936],
  ])('%s that is not below the group order is malformed', (_, offset) => {
    const { message } = fastAlice(fastBob().message);
    const altered = message.slice();
    const hex = ORDER.toString(16).padStart(64, '0');
    altered.set(Buffer.from(hex, 'hex'), offset);
    expect(() => parseMultiplication(altered)).toThrow('not below the group order');
  });

  test.each([-1, 1])('messages that are off by %i byte are malformed', (change) => {
    const resized = (bytes: Uint8Array) => new Uint8Array(bytes.length + change).map((_, i) => bytes[i] ?? 0);
    const bob = fastBob();
    expect(() => parseExtension(resized(bob.message))).toThrow();
    expect(() => parseMultiplication(resized(fastAlice(bob.message).message))).toThrow();
  });
});
