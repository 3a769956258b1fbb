import { encodeScalars, hashFields, mod, ORDER, randomScalar, scalarsFromBytes } from '../encoding';
import { concat, u8, u32 } from '../framing';
import { InvalidCeremonyError, isPartyList } from '../party-list';
import { equalBytes } from '../primitives';
import type { Outgoing, PartyId, Protocol, RandomSource } from '../protocol';
import { createReader, MalformedBytesError, type Reader } from '../reader';
import { createRounds, judgeEach, type Round, type RoundResult, retryable, unattributed } from '../rounds';
import { ANSWERS_BYTES, answerChoices, type BaseOtReceiver, CHOICES_BYTES, chooseSeeds, openSeeds } from './base-ot';
import { EXTENSION_BYTES, parseExtension } from './ot-extension';
import type { PairState } from './pair-state';
import { HASH_BYTES, SCALAR_BYTES, SEED_BYTES } from './parameters';
import {
  type BobState,
  finishAsBob,
  MULTIPLICATION_BYTES,
  multiplicationSid,
  multiplyAsAlice,
  multiplyAsBob,
  parseMultiplication,
} from './rvole';

export { decodePairState, encodePairState, erasePairState, type PairState } from './pair-state';

export type PairSetupInput = {
  me: PartyId;
  peer: PartyId;
  pairEpoch: number;
  /** Identity keys of the party with the lower and with the higher id, as pinned. */
  identityKeys: { min: Uint8Array; max: Uint8Array };
  random: RandomSource;
};

/** Result of the self test in one direction, and which side of it this party was. */
type Product = { inputs: [bigint, bigint]; shares: [bigint, bigint] };

/**
 * Sets up one pair of nodes: base OTs in both directions, the zero-share seed, and a multiplication both ways whose
 * inputs and outputs are then revealed and compared. Six rounds; the result is good for every key of the two nodes.
 * Each body starts with the pair epoch; a different one is a retryable abort.
 * @throws {InvalidCeremonyError} when the parties are not two different ids within 1..16.
 * @see specification 4.3
 */
export const createPairSetup = (input: PairSetupInput): Protocol<PairState> => {
  const { me, peer, pairEpoch, random } = input;
  if (!isPartyList([Math.min(me, peer), Math.max(me, peer)])) {
    throw new InvalidCeremonyError('A pair is two different ids within 1..16.');
  }
  const prefix = u32(pairEpoch);
  const send = (round: number, ...parts: Uint8Array[]): Outgoing[] => [
    { to: peer, round, body: concat(prefix, ...parts) },
  ];
  const byRole = (mine: Uint8Array, theirs: Uint8Array): [min: Uint8Array, max: Uint8Array] =>
    me < peer ? [mine, theirs] : [theirs, mine];

  const nonce = random(SEED_BYTES);
  const zero = random(SEED_BYTES);
  const zeroOpening = random(SEED_BYTES);
  // Filled round by round; a round runs only after the one before it.
  let pairId: Uint8Array = new Uint8Array(0);
  let peerCommitment: Uint8Array = new Uint8Array(0);
  let receiver: BaseOtReceiver = { delta: new Uint8Array(0), scalars: [] };
  let state: PairState | undefined;
  let bob: BobState | undefined;
  let asAlice: Product | undefined;
  let asBob: Product | undefined;

  const open = (): Outgoing[] => send(1, nonce, zeroCommitment(pairEpoch, me, zero, zeroOpening));

  const choose: Round<PairState> = single(SEED_BYTES + HASH_BYTES, ({ take }): RoundResult<PairState> => {
    const peerNonce = take(SEED_BYTES);
    peerCommitment = take(HASH_BYTES);
    pairId = pairIdOf(input, byRole(nonce, peerNonce));
    const choices = chooseSeeds({ pairId, alice: me, bob: peer }, random);
    receiver = choices.receiver;
    return { kind: 'send', out: send(2, choices.message) };
  });

  let seeds: PairState['asBob'] | undefined;
  const answer: Round<PairState> = single(CHOICES_BYTES, ({ take }) => {
    const { message, seeds0, seeds1 } = answerChoices({ pairId, alice: peer, bob: me }, take(CHOICES_BYTES), random);
    seeds = { seeds0, seeds1 };
    return { kind: 'send', out: send(3, message, zero, zeroOpening) };
  });

  const extend: Round<PairState> = single(ANSWERS_BYTES + 2 * SEED_BYTES, ({ take }) => {
    const answers = take(ANSWERS_BYTES);
    const peerZero = take(SEED_BYTES);
    const peerOpening = take(SEED_BYTES);
    if (!equalBytes(zeroCommitment(pairEpoch, peer, peerZero, peerOpening), peerCommitment)) {
      throw unattributed('mpc.commitment_mismatch', [peer], 'The zero-share commitment does not open.');
    }
    state = {
      me,
      peer,
      pairId,
      pairEpoch,
      zero: hashFields('ristretto255', 'zero', [pairId, ...byRole(zero, peerZero)]),
      asAlice: {
        delta: receiver.delta,
        seeds: openSeeds({ pairId, alice: me, bob: peer }, receiver, answers),
      },
      asBob: known(seeds),
    };
    const started = multiplyAsBob(state.asBob, selfTestSid(pairId, peer, me), random);
    bob = started.state;
    return { kind: 'send', out: send(4, started.message) };
  });

  const multiply: Round<PairState> = single(EXTENSION_BYTES, ({ take }) => {
    const inputs: [bigint, bigint] = [randomScalar(random), randomScalar(random)];
    const extension = parseExtension(take(EXTENSION_BYTES));
    const sid = selfTestSid(pairId, me, peer);
    const { message, products } = multiplyAsAlice(known(state).asAlice, sid, extension, inputs, random);
    asAlice = { inputs, shares: products };
    return { kind: 'send', out: send(5, message) };
  });

  const reveal: Round<PairState> = single(MULTIPLICATION_BYTES, ({ take }) => {
    const { multiplier } = known(bob);
    const shares = finishAsBob(known(bob), parseMultiplication(take(MULTIPLICATION_BYTES)));
    asBob = { inputs: [multiplier, multiplier], shares };
    const { inputs, shares: products } = known(asAlice);
    return { kind: 'send', out: send(6, encodeScalars([...inputs, ...products, multiplier, ...shares])) };
  });

  const compare: Round<PairState> = single(7 * SCALAR_BYTES, ({ take }) => {
    const [a1 = 0n, a2 = 0n, c1 = 0n, c2 = 0n, b = 0n, d1 = 0n, d2 = 0n] = scalarsFromBytes(take(7 * SCALAR_BYTES), 7);
    const isConsistent =
      multipliesTo(known(asAlice), { inputs: [b, b], shares: [d1, d2] }) &&
      multipliesTo(known(asBob), { inputs: [a1, a2], shares: [c1, c2] });
    if (!isConsistent) throw unattributed('mpc.self_test', [peer], 'The self test of the pair set-up failed.');
    return { kind: 'finish', out: [], result: known(state) };
  });

  const { start, receive } = createRounds<PairState>({
    peers: [peer],
    open,
    admit: ({ body }) => {
      if (body.length >= prefix.length && !equalBytes(body.slice(0, prefix.length), prefix)) {
        throw retryable('mpc.session_mismatch', 'The peer is setting up another pair epoch.');
      }
    },
    rounds: [choose, answer, extend, multiply, reveal, compare],
  });
  return { start, receive };
};

// A round with one peer, whose body has exactly `length` bytes after the prefix.
const single =
  (length: number, run: (reader: Reader) => RoundResult<PairState>): Round<PairState> =>
  (received) => {
    const results = judgeEach(received, (_, body) => {
      if (body.length !== 4 + length) throw new MalformedBytesError('A pair set-up message has the wrong length.');
      const reader = createReader(body);
      reader.u32();
      return run(reader);
    });
    const [result] = results.values();
    return known(result);
  };

const multipliesTo = (mine: Product, theirs: Product): boolean =>
  [0, 1].every((i) => mod((mine.inputs[i] ?? 0n) * (theirs.inputs[i] ?? 0n)) === sumOf(mine, theirs, i));

const sumOf = (mine: Product, theirs: Product, i: number): bigint =>
  ((mine.shares[i] ?? 0n) + (theirs.shares[i] ?? 0n)) % ORDER;

const zeroCommitment = (pairEpoch: number, party: PartyId, zero: Uint8Array, opening: Uint8Array): Uint8Array =>
  hashFields('ristretto255', 'zc', [u32(pairEpoch), u8(party), zero, opening]);

const pairIdOf = ({ me, peer, pairEpoch, identityKeys }: PairSetupInput, nonces: Uint8Array[]): Uint8Array =>
  hashFields('ristretto255', 'pair', [
    u8(Math.min(me, peer)),
    u8(Math.max(me, peer)),
    identityKeys.min,
    identityKeys.max,
    u32(pairEpoch),
    ...nonces,
  ]);

const selfTestSid = (pairId: Uint8Array, alice: PartyId, bob: PartyId): Uint8Array =>
  multiplicationSid(hashFields('ristretto255', 'self-test', [pairId]), alice, bob);

const known = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('A round ran before the one it depends on.');
  return value;
};
