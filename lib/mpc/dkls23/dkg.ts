import { inOrder, ofParty } from '../by-party';
import {
  type CurvePoint,
  encodePoint,
  encodeScalar,
  H,
  HS,
  mod,
  multiplyBase,
  Point,
  pointFromBytes,
  randomScalar,
  scalarFromBytes,
} from '../encoding';
import { ascii, concat, u8, u16 } from '../framing';
import { confirmedHash, type VerifyConfirmation } from '../key-certificate';
import { assertPartyList, InvalidCeremonyError } from '../party-list';
import { commit, evaluate, evaluateInExponent } from '../polynomial';
import { equalBytes } from '../primitives';
import type { Outgoing, PartyId, Protocol, RandomSource } from '../protocol';
import { createReader, MalformedBytesError } from '../reader';
import { createRounds, judgeEach, type Round, retryable, unattributed } from '../rounds';
import type { KeyShare } from './key-share';
import { CURVE, HASH_BYTES, POINT_BYTES, SCALAR_BYTES } from './parameters';

export { decodeKeyShare, encodeKeyShare, type KeyShare, keyCertificate } from './key-share';

export type DkgInput = {
  /** 32 bytes, never used before. */
  ceremonyId: Uint8Array;
  keyId: string;
  threshold: number;
  /** Sorted, distinct, each 1..16; contains `me`. */
  parties: readonly PartyId[];
  me: PartyId;
  random: RandomSource;
  /** Signs a 32-byte hash with this node's identity key. */
  sign: (hash: Uint8Array) => Uint8Array;
  verify: VerifyConfirmation;
};

/** What a party opens in round 2. */
type Opening = {
  dig1: Uint8Array;
  commitments: CurvePoint[];
  chainCode: Uint8Array;
  blind: Uint8Array;
  proof: { point: CurvePoint; response: bigint };
};

/**
 * Generates a key in four rounds: commit, open, deal, confirm. The machine is done only with n valid confirmations over
 * one hash, which is the echo broadcast: parties who were shown different things never hold the same hash.
 * Each body starts with the ceremony id; a different one is a retryable abort.
 * @throws {InvalidCeremonyError} when the description is impossible.
 * @see specification 4.4
 */
export const createDkg = (input: DkgInput): Protocol<KeyShare> => {
  const { ceremonyId, threshold, parties, me, random } = assertDescription(input);
  const peers = parties.filter((party) => party !== me);
  const body = (...parts: Uint8Array[]): Uint8Array => concat(ceremonyId, ...parts);
  const broadcast = (round: number, bytes: Uint8Array): Outgoing[] => [{ to: 'all', round, body: bytes }];

  const polynomial = Array.from({ length: threshold }, () => randomScalar(random));
  const mine = { commitments: commit(polynomial), chainCode: random(HASH_BYTES), blind: random(HASH_BYTES) };
  const myCommitment = commitmentTo(input, me, mine);
  let commitments = new Map<PartyId, Uint8Array>();
  let openings = new Map<PartyId, Pick<Opening, 'commitments' | 'chainCode'>>();
  let dig1: Uint8Array = new Uint8Array(0);
  let dig2: Uint8Array = new Uint8Array(0);
  let myOpening: Uint8Array = new Uint8Array(0);
  let draft: KeyShare | undefined;

  const openRound: Round<KeyShare> = (received) => {
    const theirs = judgeEach(received, (_, bytes) => content(bytes, HASH_BYTES).take(HASH_BYTES));
    commitments = new Map([...theirs, [me, myCommitment]]);
    for (const [party, commitment] of theirs) {
      const twins = [...commitments.values()].filter((other) => equalBytes(other, commitment));
      if (twins.length > 1) throw unattributed('mpc.commitment_copied', [party], 'Two parties sent one commitment.');
    }
    dig1 = H('dkg/d1', ...inOrder(parties, commitments));
    const nonce = randomScalar(random);
    const point = multiplyBase(nonce);
    const challenge = proofChallenge(ceremonyId, dig1, me, mine.commitments, point);
    const response = mod(nonce + challenge * (polynomial[0] ?? 0n));
    myOpening = body(
      dig1,
      u8(threshold),
      ...mine.commitments.map(encodePoint),
      mine.chainCode,
      mine.blind,
      encodePoint(point),
      encodeScalar(response),
    );
    return { kind: 'send', out: broadcast(2, myOpening) };
  };

  const dealRound: Round<KeyShare> = (received) => {
    const parsed = judgeEach(received, (_, bytes) => parseOpening(bytes, threshold));
    const theirs = judgeEach(parsed, (party, opening) => {
      if (!equalBytes(opening.dig1, dig1)) {
        throw unattributed('mpc.digest_mismatch', [], 'The parties saw different commitments.');
      }
      if (!equalBytes(commitmentTo(input, party, opening), ofParty(commitments, party))) {
        throw unattributed('mpc.commitment_mismatch', [party], `The commitment of party ${party} does not open.`);
      }
      if (!isProofValid(ceremonyId, dig1, party, opening)) {
        throw unattributed('mpc.proof', [party], `Party ${party} did not prove that it knows its contribution.`);
      }
      return opening;
    });
    openings = new Map<PartyId, Pick<Opening, 'commitments' | 'chainCode'>>([...theirs, [me, mine]]);
    dig2 = H('dkg/d2', ...inOrder(parties, new Map([...received, [me, myOpening]])));
    return {
      kind: 'send',
      out: peers.map((to) => ({ to, round: 3, body: body(dig2, encodeScalar(evaluate(polynomial, to))) })),
    };
  };

  const confirmRound: Round<KeyShare> = (received) => {
    const parsed = judgeEach(received, (_, bytes) => {
      const { take } = content(bytes, HASH_BYTES + SCALAR_BYTES);
      return { dig2: take(HASH_BYTES), subShare: scalarFromBytes(take(SCALAR_BYTES)) };
    });
    const subShares = judgeEach(parsed, (party, message) => {
      if (!equalBytes(message.dig2, dig2)) {
        throw unattributed('mpc.digest_mismatch', [], 'The parties saw different openings.');
      }
      const expected = evaluateInExponent(ofParty(openings, party).commitments, me);
      if (!multiplyBase(message.subShare).equals(expected)) {
        throw unattributed('mpc.sub_share', [party], `The share dealt by party ${party} does not fit its commitments.`);
      }
      return message.subShare;
    });
    draft = draftShare(input, { openings, subShares, own: evaluate(polynomial, me), dig1, dig2 });
    const signature = input.sign(draft.transcriptHash);
    draft.confirmations.set(me, signature);
    return { kind: 'send', out: broadcast(4, body(signature)) };
  };

  const activate: Round<KeyShare> = (received) => {
    const share = draft;
    if (share === undefined) throw new Error('A round ran before the one it depends on.');
    const confirmations = judgeEach(received, (party, bytes) => {
      const signature = bytes.slice(HASH_BYTES);
      if (bytes.length <= HASH_BYTES || bytes.length > HASH_BYTES + 256) {
        throw new MalformedBytesError('A confirmation has 1 to 256 bytes.');
      }
      if (!input.verify(party, share.transcriptHash, signature)) {
        throw unattributed('mpc.confirmation', [party], `Party ${party} did not confirm the same key.`);
      }
      return signature;
    });
    for (const [party, signature] of confirmations) share.confirmations.set(party, signature);
    return { kind: 'finish', out: [], result: share };
  };

  const { start, receive } = createRounds<KeyShare>({
    peers,
    open: () => broadcast(1, body(myCommitment)),
    admit: (message) => {
      if (message.body.length >= HASH_BYTES && !equalBytes(message.body.slice(0, HASH_BYTES), ceremonyId)) {
        throw retryable('mpc.session_mismatch', 'The peer is in another key generation ceremony.');
      }
    },
    rounds: [openRound, dealRound, confirmRound, activate],
  });
  return { start, receive };
};

const assertDescription = (input: DkgInput): DkgInput => {
  const { ceremonyId, threshold, parties, me } = input;
  assertPartyList(parties);
  if (!parties.includes(me)) throw new InvalidCeremonyError('This party is not among the parties of the ceremony.');
  if (ceremonyId.length !== HASH_BYTES) throw new InvalidCeremonyError('A ceremony id has 32 bytes.');
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > parties.length) {
    throw new InvalidCeremonyError('The threshold must be at least 2 and at most the number of parties.');
  }
  return input;
};

/** Reader over a body of exactly `length` bytes after the ceremony id. */
const content = (bytes: Uint8Array, length: number) => {
  if (bytes.length !== HASH_BYTES + length) throw new MalformedBytesError('A message has the wrong length.');
  const reader = createReader(bytes);
  reader.take(HASH_BYTES);
  return reader;
};

// SECURITY: exactly `threshold` commitments. One more would raise the degree, and with it the real threshold.
const parseOpening = (bytes: Uint8Array, threshold: number): Opening => {
  const length = 4 * HASH_BYTES + 1 + POINT_BYTES * (threshold + 1);
  const reader = content(bytes, length);
  const dig1 = reader.take(HASH_BYTES);
  if (reader.u8() !== threshold) throw new MalformedBytesError('An opening has the wrong number of commitments.');
  const commitments = Array.from({ length: threshold }, () => pointFromBytes(reader.take(POINT_BYTES)));
  const chainCode = reader.take(HASH_BYTES);
  const blind = reader.take(HASH_BYTES);
  const point = pointFromBytes(reader.take(POINT_BYTES));
  const response = scalarFromBytes(reader.take(SCALAR_BYTES));
  return { dig1, commitments, chainCode, blind, proof: { point, response } };
};

const commitmentTo = (
  { ceremonyId, keyId, threshold, parties }: DkgInput,
  party: PartyId,
  { commitments, chainCode, blind }: Pick<Opening, 'commitments' | 'chainCode' | 'blind'>,
): Uint8Array =>
  H(
    'dkg/com',
    ceremonyId,
    ascii(keyId),
    ascii(CURVE),
    u16(threshold),
    u16(parties.length),
    u8(party),
    ...commitments.map(encodePoint),
    chainCode,
    blind,
  );

const proofChallenge = (
  ceremonyId: Uint8Array,
  dig1: Uint8Array,
  party: PartyId,
  commitments: readonly CurvePoint[],
  point: CurvePoint,
): bigint => HS('dkg/pok', ceremonyId, dig1, u8(party), encodePoint(commitments[0] ?? Point.ZERO), encodePoint(point));

// z * G == R + e * F[0]
const isProofValid = (ceremonyId: Uint8Array, dig1: Uint8Array, party: PartyId, opening: Opening): boolean => {
  const { commitments, proof } = opening;
  const challenge = proofChallenge(ceremonyId, dig1, party, commitments, proof.point);
  const constant = commitments[0] ?? Point.ZERO;
  return multiplyBase(proof.response).equals(proof.point.add(constant.multiplyUnsafe(challenge)));
};

const draftShare = (
  { keyId, threshold, parties, me }: DkgInput,
  dealt: {
    openings: ReadonlyMap<PartyId, Pick<Opening, 'commitments' | 'chainCode'>>;
    subShares: ReadonlyMap<PartyId, bigint>;
    own: bigint;
    dig1: Uint8Array;
    dig2: Uint8Array;
  },
): KeyShare => {
  const { dig1, dig2 } = dealt;
  const all = inOrder(parties, dealt.openings);
  const sum = Array.from({ length: threshold }, (_, k) =>
    all.reduce((total, { commitments }) => total.add(commitments[k] ?? Point.ZERO), Point.ZERO),
  );
  const [key = Point.ZERO] = sum;
  if (key.is0()) throw unattributed('mpc.identity_key', [], 'The public key is the identity.');
  const publicKey = encodePoint(key);
  const publicShares = new Map(parties.map((party) => [party, encodePoint(evaluateInExponent(sum, party))]));
  const chainCode = H('dkg/cc', ...all.map((opening) => opening.chainCode));
  const confirmed = { keyId, epoch: 0, threshold, parties, publicKey, chainCode, dig1, dig2 };
  return {
    keyId,
    curve: CURVE,
    epoch: 0,
    threshold,
    parties: [...parties],
    me,
    secretShare: mod([...dealt.subShares.values()].reduce((total, share) => total + share, dealt.own)),
    publicKey,
    publicShares,
    chainCode,
    dig1,
    dig2,
    transcriptHash: confirmedHash({ ...confirmed, publicShares: inOrder(parties, publicShares) }),
    confirmations: new Map(),
  };
};
