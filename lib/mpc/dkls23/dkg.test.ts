import { describe, expect, test } from 'vitest';
import { encodePoint, encodeScalar, H, HS, mod, multiplyBase, ORDER, Point } from '../encoding';
import { ascii, concat, u8, u16 } from '../framing';
import { InvalidCeremonyError } from '../party-list';
import { evaluate, lagrangeWeight } from '../polynomial';
import { sha256 } from '../primitives';
import type { Abort, PartyId } from '../protocol';
import {
  type Delivery,
  dkgInputs,
  dkgMachines,
  generateKey,
  resultsOf,
  type SimulationOptions,
  seededRandom,
  simulate,
} from '../simulation';
import { alter, type Change, flipAt, negateAt, ORDER_BYTES, put } from '../testing/tampering';
import { createDkg, type DkgInput, decodeKeyShare, encodeKeyShare } from './dkg';

const PARTIES = [1, 2, 3];
const THRESHOLD = 2;
const ID = 32;
const OPENING = {
  dig1: ID,
  count: ID + 32,
  constant: ID + 33,
  linear: ID + 66,
  chainCode: ID + 99,
  blind: ID + 131,
  proofPoint: ID + 163,
  response: ID + 196,
};

const run = (options: SimulationOptions, machines = dkgMachines(THRESHOLD, PARTIES, 'dkg')) => {
  const { steps } = simulate(machines, options);
  const aborts = new Map<PartyId, Abort>();
  for (const [party, step] of steps) if (step.status === 'aborted') aborts.set(party, step.abort);
  return { aborts, done: [...steps].filter(([, step]) => step.status === 'done').map(([party]) => party) };
};

/**
 * Party 3 as a cheat that follows the protocol but for one thing: its openings may have another number of
 * commitments, or its proof may be made otherwise. It speaks rounds 1 and 2 by the book's formulas.
 */
const cheat = (change: {
  degree?: number;
  response?: (honest: bigint) => bigint;
  provenId?: number;
  provenCeremony?: Uint8Array;
  constant?: bigint;
}) => {
  const { ceremonyId, keyId } = inputOf(1);
  const random = seededRandom('cheat');
  const scalar = () => mod(BigInt(`0x${Buffer.from(random(32)).toString('hex')}`));
  const polynomial = Array.from({ length: change.degree ?? THRESHOLD }, scalar);
  const points = polynomial.map((coefficient) => multiplyBase(coefficient));
  const [chainCode, blind, nonce] = [random(32), random(32), scalar()];
  const header = [ceremonyId, ascii(keyId), ascii('secp256k1'), u16(THRESHOLD), u16(PARTIES.length), u8(3)];
  const commitment = H('dkg/com', ...header, ...points.map(encodePoint), chainCode, blind);
  const commitments = new Map<PartyId, Uint8Array>();
  return (delivery: Delivery): Delivery[] => {
    if (delivery.round === 1 && delivery.from === 3) {
      commitments.set(3, commitment);
      return [{ ...delivery, body: concat(ceremonyId, commitment) }];
    }
    if (delivery.round === 1) commitments.set(delivery.from, delivery.body.slice(ID));
    if (delivery.round !== 2 || delivery.from !== 3) return [delivery];
    const dig1 = H('dkg/d1', ...PARTIES.map((party) => commitments.get(party) ?? new Uint8Array(0)));
    const proofPoint = encodePoint(multiplyBase(nonce));
    const constant = encodePoint(points[0] ?? Point.ZERO);
    const proven = [change.provenCeremony ?? ceremonyId, dig1, u8(change.provenId ?? 3), constant, proofPoint];
    const honest = mod(nonce + HS('dkg/pok', ...proven) * (polynomial[0] ?? 0n));
    const response = change.response?.(honest) ?? honest;
    const opening = [dig1, u8(points.length), ...points.map(encodePoint), chainCode, blind, proofPoint];
    return [{ ...delivery, body: concat(ceremonyId, ...opening, encodeScalar(mod(response))) }];
  };
};

const inputOf = (party: PartyId): DkgInput => {
  const input = dkgInputs(THRESHOLD, PARTIES, 'dkg').get(party);
  if (input === undefined) throw new Error('No such party.');
  return input;
};

describe('key generation', () => {
  test.each([
    [2, [1, 2]],
    [2, [1, 2, 3]],
    [3, [1, 2, 3, 4]],
    [3, [1, 2, 3, 4, 5]],
    [2, [2, 7, 16]],
  ])('%i of %j agree on one key that any threshold of shares makes up', (threshold, parties) => {
    const shares = generateKey(threshold, parties, `${threshold}-of-${parties.join()}`);
    const [first] = shares.values();
    for (const share of shares.values()) {
      expect(share.publicKey).toEqual(first?.publicKey);
      expect(share.transcriptHash).toEqual(first?.transcriptHash);
      expect(share.chainCode).toEqual(first?.chainCode);
      expect([...share.confirmations.keys()].sort((a, b) => a - b)).toEqual(parties);
      expect(encodePoint(multiplyBase(share.secretShare))).toEqual(share.publicShares.get(share.me));
    }
    for (const quorum of [parties.slice(0, threshold), parties.slice(-threshold)]) {
      const secret = quorum.reduce(
        (sum, party) => sum + lagrangeWeight(quorum, party) * (shares.get(party)?.secretShare ?? 0n),
        0n,
      );
      expect(encodePoint(multiplyBase(mod(secret)))).toEqual(first?.publicKey);
    }
  });

  test('messages in any order lead to the same key', () => {
    const random = seededRandom('order');
    const pick = (count: number) => (random(1)[0] ?? 0) % count;
    const shuffled = resultsOf(simulate(dkgMachines(2, PARTIES, 'order'), { pick }));
    expect(shuffled.get(2)?.publicKey).toEqual(generateKey(2, PARTIES, 'order').get(2)?.publicKey);
  });

  test('messages twice, and from strangers, change nothing', () => {
    const wire = (delivery: Delivery) => [{ ...delivery, from: 9 }, delivery, delivery];
    expect(run({ wire }).done).toEqual(PARTIES);
  });

  test('a key share survives a round trip through bytes', () => {
    const [share] = generateKey(2, PARTIES, 'bytes').values();
    if (share === undefined) throw new Error('No share.');
    const bytes = encodeKeyShare(share);
    expect(decodeKeyShare(bytes)).toEqual(share);
    expect(bytes.length).toBeLessThan(1024);
    expect(() => decodeKeyShare(bytes.slice(0, -1))).toThrow('too early');
    expect(() => decodeKeyShare(concat(bytes, Uint8Array.of(0)))).toThrow('left over');
    expect(() => decodeKeyShare(flipAt(0)(bytes))).toThrow('leading');
  });

  test('a polynomial is evaluated modulo the order', () => {
    expect(evaluate([1n, 2n, 3n], 5)).toBe(86n);
    expect(evaluate([ORDER - 1n, 1n], 1)).toBe(0n);
  });
});

describe('equivocation: no party activates the key', () => {
  test('a commitment that differs between receivers', () => {
    const { aborts, done } = run({ wire: alter({ from: 3, to: 1, round: 1 }, flipAt(ID)) });
    expect(done).toEqual([]);
    expect(aborts.get(1)?.class).toBe('unattributed');
  });

  test('two valid polynomials, each with its own commitment', () => {
    // Party 1 is served by a cheat that plays party 3 with another polynomial; parties 2 and 3 never see it.
    const serve = cheat({});
    const { done, aborts } = run({ wire: (delivery) => (delivery.to === 1 ? serve(delivery) : [delivery]) });
    expect(done).toEqual([]);
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.digest_mismatch' });
    expect(aborts.get(2)).toMatchObject({ class: 'unattributed', code: 'mpc.digest_mismatch' });
  });

  test('openings that differ only in the proof are found by the digest of round 2', () => {
    const { done, aborts } = run({ wire: dig2Equivocation() });
    expect(done).toEqual([]);
    expect([...aborts.values()].map(({ code }) => code)).toContain('mpc.digest_mismatch');
  });

  test('a confirmation of another hash', () => {
    const { done, aborts } = run({
      wire: alter({ from: 3, to: 1, round: 4 }, () =>
        concat(inputOf(1).ceremonyId, inputOf(3).sign(sha256(ascii('x')))),
      ),
    });
    expect(done).toEqual([2, 3]);
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.confirmation', peers: [3] });
  });

  test("another party's confirmation is not accepted in place of one's own", () => {
    const wire = (delivery: Delivery): readonly Delivery[] => {
      if (delivery.round !== 4 || delivery.to !== 1) return [delivery];
      return delivery.from === 3 ? [] : [delivery, { ...delivery, from: 3 }];
    };
    expect(run({ wire }).aborts.get(1)).toMatchObject({ code: 'mpc.confirmation', peers: [3] });
  });

  test('a missing confirmation leaves the key inactive', () => {
    const wire = (delivery: Delivery) => (delivery.round === 4 && delivery.from === 3 ? [] : [delivery]);
    expect(run({ wire }).done).toEqual([3]);
  });
});

describe('round 1', () => {
  test("a copy of another party's commitment is refused", () => {
    let copied: Uint8Array | undefined;
    const wire = (delivery: Delivery): readonly Delivery[] => {
      if (delivery.round === 1 && delivery.from === 1) copied = delivery.body;
      return alter({ from: 3, to: 2, round: 1 }, (body) => copied ?? body)(delivery);
    };
    expect(run({ wire }).aborts.get(2)).toMatchObject({ class: 'unattributed', code: 'mpc.commitment_copied' });
  });

  test("this party's own commitment sent back is refused", () => {
    let copied: Uint8Array | undefined;
    const wire = (delivery: Delivery): readonly Delivery[] => {
      if (delivery.round === 1 && delivery.from === 1) copied = delivery.body;
      return alter({ from: 3, to: 1, round: 1 }, (body) => copied ?? body)(delivery);
    };
    expect(run({ wire }).aborts.get(1)).toMatchObject({ code: 'mpc.commitment_copied', peers: [3] });
  });

  test('a message of another ceremony is a retryable abort', () => {
    const { aborts } = run({ wire: alter({ from: 3, to: 1, round: 1 }, flipAt(0)) });
    expect(aborts.get(1)).toMatchObject({ class: 'retryable', code: 'mpc.session_mismatch' });
  });
});

describe('round 2', () => {
  test.each<[string, Change, Partial<Abort>]>([
    ['dig1', flipAt(OPENING.dig1), { class: 'unattributed', code: 'mpc.digest_mismatch' }],
    ['F[0]', negateAt(OPENING.constant), { class: 'unattributed', code: 'mpc.commitment_mismatch', peers: [3] }],
    ['F[1]', negateAt(OPENING.linear), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['cc', flipAt(OPENING.chainCode), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['rnd', flipAt(OPENING.blind), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['R of the proof', negateAt(OPENING.proofPoint), { class: 'unattributed', code: 'mpc.proof', peers: [3] }],
    ['z of the proof', flipAt(OPENING.response + 31), { class: 'unattributed', code: 'mpc.proof', peers: [3] }],
  ])('an altered %s is refused', (_, change, expected) => {
    const { aborts, done } = run({ wire: alter({ from: 3, to: 1, round: 2 }, change) });
    expect(aborts.get(1)).toMatchObject(expected);
    expect(done).toEqual([]);
  });

  test.each<[string, Change]>([
    ['F[0] as the identity', put(OPENING.constant, new Uint8Array(33))],
    ['F[1] off the curve', put(OPENING.linear, concat(Uint8Array.of(2), encodeScalar(5n)))],
    ['R as the identity', put(OPENING.proofPoint, new Uint8Array(33))],
    ['z as the order', put(OPENING.response, ORDER_BYTES)],
    ['another count of commitments', put(OPENING.count, Uint8Array.of(3))],
    ['an omitted proof', (body) => body.slice(0, OPENING.proofPoint)],
    ['a byte too few', (body) => body.slice(0, -1)],
    ['a byte too many', (body) => concat(body, Uint8Array.of(0))],
    ['nothing', () => new Uint8Array(0)],
  ])('%s is malformed', (_, change) => {
    expect(run({ wire: alter({ from: 3, to: 1, round: 2 }, change) }).aborts.get(1)).toMatchObject({
      code: 'mpc.malformed_message',
      peers: [3],
    });
  });

  test.each([1, 3])('an opening of %i commitments that otherwise fits is refused', (degree) => {
    const { aborts, done } = run({ wire: cheat({ degree }) });
    expect(aborts.get(1)).toMatchObject({ class: 'burn', code: 'mpc.malformed_message', peers: [3] });
    expect(done).toEqual([]);
  });

  test.each([
    ['for another ceremony', { provenCeremony: sha256(ascii('other')) }],
    ['for another party', { provenId: 1 }],
    ['without knowledge of the constant', { response: (honest: bigint) => honest + 1n }],
  ])('a proof %s is refused', (_, change) => {
    expect(run({ wire: cheat(change) }).aborts.get(1)).toMatchObject({ code: 'mpc.proof', peers: [3] });
  });

  test('the cheat of these tests is accepted when it does not cheat', () => {
    expect(run({ wire: cheat({}) }).aborts.get(1)?.code).not.toBe('mpc.proof');
  });
});

describe('round 3', () => {
  test('a share that does not fit the commitments is refused', () => {
    const { aborts, done } = run({ wire: alter({ from: 3, to: 1, round: 3 }, flipAt(ID + 63)) });
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.sub_share', peers: [3] });
    expect(done).toEqual([]);
  });

  test('an altered digest is refused', () => {
    expect(run({ wire: alter({ from: 3, to: 1, round: 3 }, flipAt(ID)) }).aborts.get(1)).toMatchObject({
      code: 'mpc.digest_mismatch',
    });
  });

  test.each<[string, Change]>([
    ['a share that is the order', put(ID + 32, ORDER_BYTES)],
    ['a byte too few', (body) => body.slice(0, -1)],
    ['nothing', () => new Uint8Array(0)],
  ])('%s is malformed', (_, change) => {
    expect(run({ wire: alter({ from: 3, to: 1, round: 3 }, change) }).aborts.get(1)).toMatchObject({
      class: 'burn',
      peers: [3],
    });
  });
});

describe('round 3 at its end', () => {
  test('contributions that cancel out give no key', () => {
    const constant = BigInt(`0x${Buffer.from(seededRandom('dkg cancel 1')(32)).toString('hex')}`);
    const rest = seededRandom('rest');
    const draws = [encodeScalar(ORDER - constant)];
    const inputs = [...dkgInputs(2, [1, 2], 'cancel').values()];
    const machines = inputs.map((input): [PartyId, ReturnType<typeof createDkg>] => [
      input.me,
      createDkg(input.me === 1 ? input : { ...input, random: (length) => draws.shift() ?? rest(length) }),
    ]);
    expect(run({}, new Map(machines)).aborts.get(1)).toMatchObject({ code: 'mpc.identity_key', peers: [] });
  });
});

describe('round 4', () => {
  test.each<[string, Change]>([
    ['an empty confirmation', (body) => body.slice(0, ID)],
    ['a confirmation of 257 bytes', (body) => concat(body.slice(0, ID), new Uint8Array(257))],
  ])('%s is malformed', (_, change) => {
    expect(run({ wire: alter({ from: 3, to: 1, round: 4 }, change) }).aborts.get(1)).toMatchObject({
      code: 'mpc.malformed_message',
      peers: [3],
    });
  });
});

describe('impossible ceremonies are refused before any message', () => {
  test.each<[string, Partial<DkgInput>]>([
    ['a threshold of 1', { threshold: 1 }],
    ['a threshold above the number of parties', { threshold: 4 }],
    ['a threshold of 2.5', { threshold: 2.5 }],
    ['one party', { parties: [1] }],
    ['party 0', { parties: [0, 1, 2] }],
    ['party 17', { parties: [1, 2, 17] }],
    ['party 1.5', { parties: [1, 1.5, 2] }],
    ['a party twice', { parties: [1, 2, 2] }],
    ['unsorted parties', { parties: [2, 1, 3] }],
    ['parties without this one', { parties: [2, 3] }],
    ['a short ceremony id', { ceremonyId: new Uint8Array(31) }],
  ])('%s', (_, change) => {
    expect(() => createDkg({ ...inputOf(1), ...change })).toThrow(InvalidCeremonyError);
  });
});

// Party 3 shows party 1 a second valid proof (another nonce) for the same opening: only dig2 covers the proof.
const dig2Equivocation = () => {
  const random = seededRandom('dkg dkg 3');
  const constant = BigInt(`0x${Buffer.from(random(32)).toString('hex')}`);
  const nonce = 12345n;
  return alter({ from: 3, to: 1, round: 2 }, (body) => {
    const proofPoint = encodePoint(multiplyBase(nonce));
    const dig1 = body.slice(OPENING.dig1, OPENING.count);
    const key = body.slice(OPENING.constant, OPENING.linear);
    const challenge = HS('dkg/pok', body.slice(0, ID), dig1, u8(3), key, proofPoint);
    return concat(body.slice(0, OPENING.proofPoint), proofPoint, encodeScalar(mod(nonce + challenge * constant)));
  });
};
