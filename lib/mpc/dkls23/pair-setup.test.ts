import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { hashFields } from '../encoding';
import { ascii, concat, u8, u16 } from '../framing';
import { InvalidCeremonyError } from '../party-list';
import type { Abort, PartyId, Protocol } from '../protocol';
import { type Delivery, identityOf, isBitSet, pairMachines, resultsOf, seededRandom, simulate } from '../simulation';
import { type Change, flipAt, ORDER_BYTES, put } from '../testing/tampering';
import { answerChoices, chooseSeeds, openSeeds } from './base-ot';
import { createPairSetup, decodePairState, encodePairState, erasePairState, type PairState } from './pair-setup';

const honest = simulate(pairMachines(1, 2, 'pair'));
const states = resultsOf(honest);
const stateOf = (party: PartyId): PairState => {
  const state = states.get(party);
  if (state === undefined) throw new Error('No such state.');
  return state;
};
const seed = (seeds: Uint8Array, i: number) => seeds.slice(32 * i, 32 * i + 32);

/**
 * Party 1 alone, fed with what party 2 said in the honest run. As the machine is a function of its inputs, it says the
 * same as in the honest run until the message that was changed.
 */
const replayTo1 = (round: number, change: Change): Abort | undefined => {
  const machine = onlyParty1();
  machine.start();
  for (const delivery of honest.sent.filter(({ to }) => to === 1)) {
    const body = delivery.round === round ? change(delivery.body) : delivery.body;
    const step = machine.receive({ from: 2, round: delivery.round, body });
    if (step.status === 'aborted') return step.abort;
    if (step.status === 'done') return undefined;
  }
  return undefined;
};

const onlyParty1 = (): Protocol<PairState> => {
  const machine = pairMachines(1, 2, 'pair').get(1);
  if (machine === undefined) throw new Error('No such party.');
  return machine;
};

const PREFIX = 4;
const otherElement = ristretto255.Point.BASE.multiply(99n).toBytes();

describe('a pair set-up', () => {
  test('gives each party the seeds its Delta chooses among those of the other', () => {
    for (const [me, peer] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const { asAlice } = stateOf(me);
      const { asBob } = stateOf(peer);
      for (let i = 0; i < 128; i += 1) {
        const [chosen, other] = isBitSet(asAlice.delta, i)
          ? [asBob.seeds1, asBob.seeds0]
          : [asBob.seeds0, asBob.seeds1];
        expect(seed(asAlice.seeds, i)).toEqual(seed(chosen, i));
        expect(seed(asAlice.seeds, i)).not.toEqual(seed(other, i));
      }
    }
  });

  test('gives both one id and one zero seed, and every direction seeds of its own', () => {
    expect(stateOf(1).pairId).toEqual(stateOf(2).pairId);
    expect(stateOf(1).zero).toEqual(stateOf(2).zero);
    const all = [stateOf(1), stateOf(2)].flatMap(({ asBob }) => [asBob.seeds0, asBob.seeds1]);
    const distinct = new Set(all.flatMap((seeds) => Array.from({ length: 128 }, (_, i) => seed(seeds, i).join())));
    expect(distinct.size).toBe(512);
  });

  test('survives a round trip through 12,378 bytes, and no other bytes are accepted', () => {
    const bytes = encodePairState(stateOf(1));
    expect(bytes).toHaveLength(12_378);
    expect(decodePairState(bytes)).toEqual(stateOf(1));
    expect(() => decodePairState(bytes.slice(1))).toThrow();
    expect(() => decodePairState(bytes.slice(0, -1))).toThrow('too early');
    expect(() => decodePairState(concat(bytes, Uint8Array.of(0)))).toThrow('left over');
    expect(() => encodePairState({ ...stateOf(1), zero: new Uint8Array(31) })).toThrow('wrong length');
  });

  test('can be erased', () => {
    const copy = decodePairState(encodePairState(stateOf(1)));
    erasePairState(copy);
    const secrets = [copy.zero, copy.asAlice.delta, copy.asAlice.seeds, copy.asBob.seeds0, copy.asBob.seeds1];
    expect(secrets.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
  });

  test('is refused with oneself, and with ids outside 1..16', () => {
    const identityKeys = { min: identityOf(1).publicKey, max: identityOf(2).publicKey };
    const create = (me: number, peer: number) => () =>
      createPairSetup({ me, peer, pairEpoch: 1, identityKeys, random: seededRandom('x') });
    expect(create(1, 1)).toThrow(InvalidCeremonyError);
    expect(create(0, 1)).toThrow(InvalidCeremonyError);
    expect(create(1, 17)).toThrow(InvalidCeremonyError);
  });
});

describe('an altered message leaves the pair not ready', () => {
  test('the replay of these tests succeeds when nothing is altered', () => {
    expect(replayTo1(0, (body) => body)).toBeUndefined();
  });

  test.each<[string, number, Change, Partial<Abort>]>([
    ['the pair epoch', 1, flipAt(3), { class: 'retryable', code: 'mpc.session_mismatch' }],
    ['the zero commitment', 1, flipAt(PREFIX + 32), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['the opened zero seed', 3, flipAt(PREFIX + 4_096), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['the opening', 3, flipAt(PREFIX + 4_128), { class: 'unattributed', code: 'mpc.commitment_mismatch' }],
    ['one A_i', 3, put(PREFIX + 32 * 5, otherElement), { class: 'burn', code: 'mpc.ot_check', peers: [2] }],
    ['the extension of the self test', 4, flipAt(PREFIX + 500), { class: 'burn', code: 'mpc.ot_check' }],
    [
      'the multiplication of the self test',
      5,
      flipAt(PREFIX + 300),
      { class: 'burn', code: 'mpc.multiplication_check' },
    ],
    ['a revealed input', 6, flipAt(PREFIX + 31), { class: 'unattributed', code: 'mpc.self_test', peers: [2] }],
    ['the revealed multiplier', 6, flipAt(PREFIX + 4 * 32 + 31), { class: 'unattributed', code: 'mpc.self_test' }],
    ['a revealed share', 6, flipAt(PREFIX + 6 * 32 + 31), { class: 'unattributed', code: 'mpc.self_test' }],
  ])('%s', (_, round, change, expected) => {
    expect(replayTo1(round, change)).toMatchObject(expected);
  });

  test.each<[string, number, Change]>([
    ['an OT choice that is the identity', 2, put(PREFIX, new Uint8Array(32))],
    ['an OT choice that is not canonical', 2, put(PREFIX + 32, new Uint8Array(32).fill(0xff))],
    ['an OT answer that is the identity', 3, put(PREFIX, new Uint8Array(32))],
    ['a revealed scalar that is the order', 6, put(PREFIX, ORDER_BYTES)],
    ['round 1 a byte too long', 1, (body) => concat(body, Uint8Array.of(0))],
    ['round 1 empty', 1, () => new Uint8Array(0)],
    ...[1, 6].map((round): [string, number, Change] => [
      `round ${round} a byte too short`,
      round,
      (body) => body.slice(0, -1),
    ]),
  ])('%s is malformed', (_, round, change) => {
    expect(replayTo1(round, change)).toMatchObject({ class: 'burn', code: 'mpc.malformed_message', peers: [2] });
  });

  test('answers replayed from an older set-up with the same peer fail the self test', () => {
    const older = honest.sent.find(({ to, round }) => to === 1 && round === 3);
    if (older === undefined) throw new Error('No such message.');
    const answers = older.body.slice(PREFIX, PREFIX + 4_096);
    const wire = (delivery: Delivery) =>
      delivery.to === 1 && delivery.round === 3
        ? [{ ...delivery, body: put(PREFIX, answers)(delivery.body) }]
        : [delivery];
    const { steps } = simulate(pairMachines(1, 2, 'a later set-up'), { wire });
    expect(steps.get(1)).toMatchObject({ status: 'aborted', abort: { class: 'burn', peers: [2] } });
    expect(steps.get(2)?.status).not.toBe('done');
  });
});

describe('base OTs', () => {
  const session = { pairId: new Uint8Array(32).fill(9), alice: 1, bob: 2 };

  test('equal points at every index still give different seeds', () => {
    const { message } = chooseSeeds(session, seededRandom('alice'));
    const same = new Uint8Array(message.length).map((_, k) => message[k % 64] ?? 0);
    // A sender without randomness of its own: one exponent for all indices.
    const fixed = new Uint8Array(64).fill(7);
    const { seeds0, seeds1 } = answerChoices(session, same, () => fixed);
    const all = [seeds0, seeds1].flatMap((seeds) => Array.from({ length: 128 }, (_, i) => seed(seeds, i).join()));
    expect(new Set(all).size).toBe(256);
  });

  test('the receiver gets none of the seeds under another direction', () => {
    const { message, receiver } = chooseSeeds(session, seededRandom('alice'));
    const answers = answerChoices({ ...session, alice: 2, bob: 1 }, message, seededRandom('bob'));
    const seeds = openSeeds(session, receiver, answers.message);
    const every = (list: Uint8Array) => Array.from({ length: 128 }, (_, i) => seed(list, i).join());
    const offered = new Set([...every(answers.seeds0), ...every(answers.seeds1)]);
    expect(every(seeds).some((found) => offered.has(found))).toBe(false);
  });

  test('a Delta of all zeros works like any other', () => {
    const rest = seededRandom('alice');
    const random = (length: number) => (length === 16 ? new Uint8Array(16) : rest(length));
    const { message, receiver } = chooseSeeds(session, random);
    const answers = answerChoices(session, message, seededRandom('bob'));
    expect(openSeeds(session, receiver, answers.message)).toEqual(answers.seeds0);
  });

  test('a choice that cancels its offset, which would make the seed known, is refused', () => {
    const { message } = chooseSeeds(session, seededRandom('alice'));
    const other = message.slice(32, 64);
    const fields = [session.pairId, Uint8Array.of(1, 2), u16(0), u8(0), other];
    const DST = ascii('dkls23-ts/1/ristretto255/eot');
    const offset = ristretto255_hasher.hashToCurve(hashFields('ristretto255', 'eot', fields), { DST });
    const forged = put(0, offset.negate().toBytes())(message);
    expect(() => answerChoices(session, forged, seededRandom('bob'))).toThrow('cancels its offset');
  });

  test('messages of the wrong length are refused before any point is read', () => {
    const { message, receiver } = chooseSeeds(session, seededRandom('alice'));
    expect(() => answerChoices(session, message.slice(32), seededRandom('bob'))).toThrow('wrong length');
    expect(() => openSeeds(session, receiver, message)).toThrow('wrong length');
  });

  test('a random source that returns too little is refused', () => {
    expect(() => chooseSeeds(session, (length) => new Uint8Array(Math.min(length, 32)).fill(1))).toThrow(
      'wrong number',
    );
  });
});
