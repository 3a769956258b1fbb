import { inOrder, ofParty } from '../by-party';
import {
  type CurvePoint,
  encodePoint,
  encodeScalar,
  H,
  HS,
  mod,
  multiply,
  multiplyBase,
  multiplyPublic,
  ORDER,
  Point,
  pointFromBytes,
  randomScalar,
  scalarFromBytes,
} from '../encoding';
import { concat, u8 } from '../framing';
import { lagrangeWeight } from '../polynomial';
import { equalBytes, toHex } from '../primitives';
import type { PartyId, RandomSource, WithheldProtocol } from '../protocol';
import { CheatDetectedError, createRounds, judgeEach, type Round, retryable, unattributed } from '../rounds';
import { assertUsableNonce, type EcdsaSignature, finalizeSignature, type NoncePoint } from './finalize';
import { EXTENSION_BYTES, parseExtension } from './ot-extension';
import { HASH_BYTES, POINT_BYTES, SCALAR_BYTES } from './parameters';
import {
  type BobState,
  finishAsBob,
  MULTIPLICATION_BYTES,
  type MultiplicationMessage,
  multiplicationSid,
  multiplyAsAlice,
  multiplyAsBob,
  parseMultiplication,
} from './rvole';
import { createSession, type SigningInput, type SigningSession, signingContent } from './signing-session';

export type { EcdsaSignature } from './finalize';
export type { SigningInput } from './signing-session';

/** After the checks of round 3 the machine is `ready`; the caller journals, judges again, and calls `release`. */
export type SigningProtocol = WithheldProtocol<EcdsaSignature>;

/** Bytes of the coefficient that joins two checks into one. */
const COEFFICIENT_BYTES = 16;
const NONCE_BYTES = 4 * POINT_BYTES + 3 * HASH_BYTES;

/** What a peer says in round 2. */
type PeerShare = {
  dig: Uint8Array;
  nonce: CurvePoint;
  opening: Uint8Array;
  key: CurvePoint;
  /** c^u * G and c^v * G. */
  nonceProduct: CurvePoint;
  keyProduct: CurvePoint;
  psi: bigint;
  multiplication: MultiplicationMessage;
};

/**
 * Signs one digest with exactly `threshold` parties in three rounds.
 * All secrets are drawn here and die with the machine; it is never serialised or resumed.
 * @throws {InvalidCeremonyError} when the description is impossible.
 * @see DKLs23 (ePrint 2023/765), protocol 3.6; specification 4.7
 */
export const createSigning = (input: SigningInput): SigningProtocol => {
  const session = createSession(input);
  const { sid, peers, pairOf, send, admit } = session;
  const { share, digest, participants, random } = input;
  const { me } = share;

  const r = randomScalar(random);
  const phi = randomScalar(random);
  const nonce = multiplyBase(r);
  const opening = random(HASH_BYTES);
  const commitment = nonceCommitment(sid, me, nonce, opening);
  const asBob = new Map<PartyId, BobState>();
  // Filled round by round; a round runs only after the one before it.
  let commitments: ReadonlyMap<PartyId, Uint8Array> = new Map();
  let products: ReadonlyMap<PartyId, readonly [bigint, bigint]> = new Map();
  let dig: Uint8Array = new Uint8Array(0);
  let secretKey = 0n;
  let key: CurvePoint = Point.ZERO;
  let combined: NoncePoint = { x: 0n, isOdd: false };
  let released = { u: 0n, w: 0n };

  const open = () =>
    send(1, (peer) => {
      const { message, state } = multiplyAsBob(pairOf(peer).asBob, multiplicationSid(sid, peer, me), random);
      asBob.set(peer, state);
      return concat(commitment, message);
    });

  const multiplyRound: Round<EcdsaSignature> = (received) => {
    const parsed = judgeEach(received, (_, body) => {
      const { take } = signingContent(body, HASH_BYTES + EXTENSION_BYTES);
      return { commitment: take(HASH_BYTES), extension: parseExtension(take(EXTENSION_BYTES)) };
    });
    commitments = new Map([...parsed].map(([peer, message]) => [peer, message.commitment]));
    const all = new Map([...commitments, [me, commitment]]);
    dig = H('r1', sid, ...inOrder(participants, all));
    secretKey = mod(lagrangeWeight(participants, me) * share.secretShare + zeroShare(session, me, dig));
    key = multiplyBase(secretKey);

    const multiplied = judgeEach(parsed, (peer, { extension }) => {
      const { asAlice } = pairOf(peer);
      return multiplyAsAlice(asAlice, multiplicationSid(sid, me, peer), extension, [r, secretKey], random);
    });
    products = new Map([...multiplied].map(([peer, result]) => [peer, result.products]));
    return {
      kind: 'send',
      out: send(2, (peer) => {
        const [nonceProduct, keyProduct] = ofParty(products, peer);
        return concat(
          dig,
          encodePoint(nonce),
          opening,
          encodePoint(key),
          encodePoint(multiplyBase(nonceProduct)),
          encodePoint(multiplyBase(keyProduct)),
          encodeScalar(mod(phi - ofParty(asBob, peer).multiplier)),
          ofParty(multiplied, peer).message,
        );
      }),
    };
  };

  const checkRound: Round<EcdsaSignature> = (received) => {
    const parsed = judgeEach(received, (_, body) => parsePeerShare(body));
    const shares = judgeEach(parsed, (peer, theirs) => {
      if (!equalBytes(theirs.dig, dig)) {
        throw unattributed('mpc.digest_mismatch', [], 'The participants saw different commitments.');
      }
      if (!equalBytes(nonceCommitment(sid, peer, theirs.nonce, theirs.opening), ofParty(commitments, peer))) {
        throw unattributed('mpc.commitment_mismatch', [peer], `The commitment of party ${peer} does not open.`);
      }
      return assertProducts(ofParty(asBob, peer), theirs, random);
    });

    const keySum = [...parsed.values()].reduce((sum, theirs) => sum.add(theirs.key), key);
    if (!keySum.equals(pointFromBytes(share.publicKey))) {
      throw unattributed('mpc.key_sum', [], 'The key shares do not add up to the public key.');
    }
    const nonceSum = [...parsed.values()].reduce((sum, theirs) => sum.add(theirs.nonce), nonce);
    if (nonceSum.is0()) throw retryable('mpc.nonce_zero', 'The nonces cancel out.');
    const { x, y } = nonceSum.toAffine();
    combined = { x, isOdd: (y & 1n) === 1n };
    const rx = assertUsableNonce(combined);

    const psi = peers.reduce((sum, peer) => sum + ofParty(parsed, peer).psi, phi) % ORDER;
    const sumOver = (i: 0 | 1): bigint =>
      peers.reduce((sum, peer) => sum + ofParty(products, peer)[i] + ofParty(shares, peer)[i], 0n);
    const u = mod(r * psi + sumOver(0));
    const v = mod(secretKey * psi + sumOver(1));
    released = { u, w: mod(digestToScalar(digest) * phi + rx * v) };
    const content = concat(encodeScalar(released.u), encodeScalar(released.w));
    return { kind: 'withhold', out: send(3, () => content) };
  };

  const combineRound: Round<EcdsaSignature> = (received) => {
    const theirs = judgeEach(received, (_, body) => {
      const { take } = signingContent(body, 2 * SCALAR_BYTES);
      return { u: scalarFromBytes(take(SCALAR_BYTES)), w: scalarFromBytes(take(SCALAR_BYTES)) };
    });
    const sums = [...theirs.values()].reduce((sum, { u, w }) => ({ u: sum.u + u, w: sum.w + w }), released);
    const result = finalizeSignature(combined, { u: mod(sums.u), w: mod(sums.w) }, digest, share.publicKey);
    return { kind: 'finish', out: [], result };
  };

  return createRounds<EcdsaSignature>({ peers, open, admit, rounds: [multiplyRound, checkRound, combineRound] });
};

const nonceCommitment = (sid: Uint8Array, party: PartyId, nonce: CurvePoint, opening: Uint8Array): Uint8Array =>
  H('R', sid, u8(party), encodePoint(nonce), opening);

// zeta: the shares of all participants add up to zero, and hide lam_i * x_i from the other party of a multiplication.
const zeroShare = ({ peers, pairOf }: SigningSession, me: PartyId, dig: Uint8Array): bigint =>
  peers.reduce((sum, peer) => {
    const term = HS('z', pairOf(peer).zero, dig);
    return peer > me ? sum + term : sum - term;
  }, 0n);

const parsePeerShare = (body: Uint8Array): PeerShare => {
  const { take } = signingContent(body, NONCE_BYTES + MULTIPLICATION_BYTES);
  return {
    dig: take(HASH_BYTES),
    nonce: pointFromBytes(take(POINT_BYTES)),
    opening: take(HASH_BYTES),
    key: pointFromBytes(take(POINT_BYTES)),
    nonceProduct: pointFromBytes(take(POINT_BYTES)),
    keyProduct: pointFromBytes(take(POINT_BYTES)),
    psi: scalarFromBytes(take(SCALAR_BYTES)),
    multiplication: parseMultiplication(take(MULTIPLICATION_BYTES)),
  };
};

/**
 * Checks that the peer multiplied the very r_j and sk_j behind R_j and PK_j; returns our shares d^u, d^v.
 * chi * R_j == Gu + d^u * G and chi * PK_j == Gv + d^v * G are checked as one: the second, times a coefficient of 128 bits
 * drawn after the peer has spoken, is added to the first. One false equation passes with probability 2^-128.
 * Chi is secret: constant-time multiplication. The coefficient and the points are no secret from this peer.
 * @see specification 4.14, option 3
 */
const assertProducts = (state: BobState, theirs: PeerShare, random: RandomSource): [bigint, bigint] => {
  const [nonceShare, keyShare] = finishAsBob(state, theirs.multiplication);
  const chi = state.multiplier;
  const weight = BigInt(`0x${toHex(random(COEFFICIENT_BYTES))}`);
  const left = multiply(theirs.nonce.add(multiplyPublic(theirs.key, weight)), chi);
  const right = theirs.nonceProduct
    .add(multiplyPublic(theirs.keyProduct, weight))
    .add(multiplyBase(mod(nonceShare + weight * keyShare)));
  if (left.equals(right)) return [nonceShare, keyShare];
  // Which of the two it was is evidence; the pair is burned for either.
  const isNonceRight = multiply(theirs.nonce, chi).equals(theirs.nonceProduct.add(multiplyBase(nonceShare)));
  throw new CheatDetectedError(isNonceRight ? 'mpc.key_check' : 'mpc.nonce_check');
};

const digestToScalar = (digest: Uint8Array): bigint => digest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
