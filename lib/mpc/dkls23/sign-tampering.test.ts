import { describe, expect, test } from 'vitest';
import { encodeScalar, ORDER, scalarFromBytes } from '../encoding';
import { concat } from '../framing';
import type { Abort } from '../protocol';
import { type Delivery, seededRandom } from '../simulation';
import { disturbed, FIRST, pairs, SECOND, shareOf, THIRD, twoOfThree } from '../testing/disturbed-signing';
import { addOneAt, alter, type Change, flipAt, negateAt, ORDER_BYTES, put } from '../testing/tampering';

describe('round 1 altered: party 1 sends nothing of round 2', () => {
  test.each([
    ['nB', FIRST.nonce],
    ['the first correction', FIRST.corrections],
    ['the last correction', FIRST.choiceHash - 1],
    ['x~', FIRST.choiceHash],
    ['the first T~', FIRST.rowHashes],
    ['the last T~', FIRST.rowHashes + 2_047],
  ])('%s altered burns the pair', (_, offset) => {
    const { aborts, rounds } = disturbed({ wire: alter({ from: 2, to: 1, round: 1 }, flipAt(offset)) });
    expect(aborts.get(1)).toMatchObject({ class: 'burn', code: 'mpc.ot_check', peers: [2] });
    expect(rounds).toEqual(new Set([1]));
  });

  test('the commitment altered ends without blame', () => {
    const { aborts, ready } = disturbed({ wire: alter({ from: 2, to: 1, round: 1 }, flipAt(FIRST.com)) });
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.digest_mismatch', peers: [] });
    expect(ready.size).toBe(0);
  });

  test('two cheating peers are both burned', () => {
    const first = alter({ from: 2, to: 1, round: 1 }, flipAt(FIRST.choiceHash));
    const second = alter({ from: 3, to: 1, round: 1 }, flipAt(FIRST.choiceHash));
    const wire = (delivery: Delivery) => first(delivery).flatMap(second);
    expect(disturbed({ wire }, [1, 2, 3]).aborts.get(1)).toMatchObject({ class: 'burn', peers: [2, 3] });
  });
});

describe('round 2 altered: party 1 is never ready', () => {
  test.each<[string, Change, Partial<Abort>]>([
    ['dig', flipAt(SECOND.dig), { class: 'unattributed', code: 'mpc.digest_mismatch' }],
    ['R', negateAt(SECOND.nonce), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['rnd', flipAt(SECOND.opening), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['PK', negateAt(SECOND.key), { class: 'burn', code: 'mpc.key_check', peers: [2] }],
    ['Gu', negateAt(SECOND.nonceProduct), { class: 'burn', code: 'mpc.nonce_check', peers: [2] }],
    ['Gv', negateAt(SECOND.keyProduct), { class: 'burn', code: 'mpc.key_check', peers: [2] }],
    ['nA', flipAt(SECOND.aliceNonce), { class: 'burn', code: 'mpc.multiplication_check', peers: [2] }],
    ['the first adjustment', flipAt(SECOND.adjustments + 31), { class: 'burn', code: 'mpc.multiplication_check' }],
    ['the last adjustment', flipAt(SECOND.eta - 1), { class: 'burn', code: 'mpc.multiplication_check' }],
    ['eta', flipAt(SECOND.eta + 31), { class: 'burn', code: 'mpc.multiplication_check' }],
    ['mu', flipAt(SECOND.mu), { class: 'burn', code: 'mpc.multiplication_check' }],
  ])('%s', (_, change, expected) => {
    const { aborts, rounds, ready } = disturbed({ wire: alter({ from: 2, to: 1, round: 2 }, change) });
    expect(aborts.get(1)).toMatchObject(expected);
    expect(ready.has(1)).toBe(false);
    expect(rounds.has(3)).toBe(false);
  });

  test('a burn outweighs an abort without blame', () => {
    const wire = (delivery: Delivery) =>
      alter(
        { from: 2, to: 1, round: 2 },
        flipAt(SECOND.dig),
      )(delivery).flatMap(alter({ from: 3, to: 1, round: 2 }, flipAt(SECOND.mu)));
    expect(disturbed({ wire }, [1, 2, 3]).aborts.get(1)).toMatchObject({ class: 'burn', peers: [3] });
  });
});

describe('shares that are wrong but well-formed', () => {
  test('a wrong psi ends in an invalid signature that nobody returns', () => {
    const { aborts, statuses } = disturbed({ wire: alter({ from: 2, to: 1, round: 2 }, addOneAt(SECOND.psi)) });
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.invalid_signature', peers: [] });
    expect([...statuses.values()]).not.toContain('done');
  });

  test.each([
    ['u', THIRD.u],
    ['w', THIRD.w],
  ])('a wrong %s ends in an invalid signature that the receiver does not return', (_, offset) => {
    const { aborts, statuses } = disturbed({ wire: alter({ from: 2, to: 1, round: 3 }, addOneAt(offset)) });
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.invalid_signature', peers: [] });
    expect(JSON.stringify([...aborts])).not.toContain('0x');
    expect(statuses.get(1)).toBe('aborted');
  });

  test('a party that signs with another key share is refused before anybody is ready', () => {
    const share = shareOf(twoOfThree, 2);
    const changed = { ...share, secretShare: share.secretShare + 1n };
    const { aborts, ready } = disturbed({}, [1, 2], (party) => (party === 2 ? { share: changed } : {}));
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.key_sum' });
    expect(ready.size).toBe(0);
  });

  test('pair set-ups with different zero seeds are refused before anybody is ready', () => {
    const pair = pairs.get(2)?.get(1);
    if (pair === undefined) throw new Error('No such pair.');
    const changed = new Map([[1, { ...pair, zero: new Uint8Array(32) }]]);
    const { aborts, ready } = disturbed({}, [1, 2], (party) => (party === 2 ? { pairs: changed } : {}));
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.key_sum' });
    expect(ready.size).toBe(0);
  });

  test('nonces that cancel out end in a retryable abort', () => {
    const r = scalarFromBytes(seededRandom('signing disturbed 1')(32));
    const rest = seededRandom('rest');
    const draws = [encodeScalar(ORDER - r)];
    const random = (length: number) => draws.shift() ?? rest(length);
    const { aborts, ready } = disturbed({}, [1, 2], (party) => (party === 2 ? { random } : {}));
    expect(aborts.get(1)).toMatchObject({ class: 'retryable', code: 'mpc.nonce_zero' });
    expect(ready.size).toBe(0);
  });
});

describe('malformed fields of authenticated messages burn the pair before any arithmetic', () => {
  const identity = new Uint8Array(33);
  const offCurve = concat(Uint8Array.of(2), encodeScalar(5n));
  const hybrid = (offset: number) => put(offset, Uint8Array.of(6));
  test.each<[string, number, Change]>([
    ...(['nonce', 'key', 'nonceProduct', 'keyProduct'] as const).flatMap((field): [string, number, Change][] => [
      [`${field} is the identity`, 2, put(SECOND[field], identity)],
      [`${field} is off the curve`, 2, put(SECOND[field], offCurve)],
      [`${field} is hybrid`, 2, hybrid(SECOND[field])],
    ]),
    ['psi is the order', 2, put(SECOND.psi, ORDER_BYTES)],
    ['an adjustment is the order', 2, put(SECOND.adjustments + 32 * 700, ORDER_BYTES)],
    ['eta is the order', 2, put(SECOND.eta, ORDER_BYTES)],
    ['u is the order', 3, put(THIRD.u, ORDER_BYTES)],
    ['w is the order', 3, put(THIRD.w, ORDER_BYTES)],
    ...[1, 2, 3].flatMap((round): [string, number, Change][] => [
      [`round ${round} is a byte too short`, round, (body) => body.slice(0, -1)],
      [`round ${round} is a byte too long`, round, (body) => concat(body, Uint8Array.of(0))],
      [`round ${round} is empty`, round, () => new Uint8Array(0)],
      [`round ${round} is only a prefix`, round, (body) => body.slice(0, FIRST.com)],
    ]),
  ])('%s', (_, round, change) => {
    const { aborts } = disturbed({ wire: alter({ from: 2, to: 1, round: round }, change) });
    expect(aborts.get(1)).toMatchObject({ class: 'burn', code: 'mpc.malformed_message', peers: [2] });
  });
});

describe('equivocation', () => {
  test('two commitments of one party end without a burn and without a signature', () => {
    const { aborts, ready } = disturbed({ wire: alter({ from: 3, to: 1, round: 1 }, flipAt(FIRST.com)) }, [1, 2, 3]);
    expect(aborts.get(1)?.class).toBe('unattributed');
    expect(aborts.get(2)?.class).toBe('unattributed');
    expect(ready.size).toBe(0);
  });
});
