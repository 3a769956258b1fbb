import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { ascii, concat, frame, u8, u16, u32 } from './framing';
import { isPartyList } from './party-list';
import type { PartyId } from './protocol';

/** The public part of a key, confirmed by every party that made it. Plain JSON; byte strings are lower-case hex. */
export type KeyCertificate = {
  backend: 'dkls23-ts';
  specVersion: 'dkls23-ts/1';
  keyId: string;
  curve: 'secp256k1';
  epoch: number;
  threshold: number;
  parties: PartyId[];
  /** 33 bytes, SEC1 compressed. */
  publicKey: string;
  /** Party id (decimal) to X_j, 33 bytes each. */
  publicShares: Record<string, string>;
  chainCode: string;
  /** H over the commitments of round 1, and over the openings of round 2. */
  dig1: string;
  dig2: string;
  /** The hash every party signed. */
  transcriptHash: string;
  /** Party id (decimal) to its signature over `transcriptHash`. */
  confirmations: Record<string, string>;
};

/** Tells whether `signature` over `hash` (32 bytes) is by the pinned identity key of `party`. */
export type VerifyConfirmation = (party: PartyId, hash: Uint8Array, signature: Uint8Array) => boolean;

/** The fields of a key that its confirmations cover. */
export type ConfirmedKey = {
  keyId: string;
  epoch: number;
  threshold: number;
  parties: readonly PartyId[];
  publicKey: Uint8Array;
  /** X_j in the order of `parties`. */
  publicShares: readonly Uint8Array[];
  chainCode: Uint8Array;
  dig1: Uint8Array;
  dig2: Uint8Array;
};

/**
 * Computes H("dkg/final", ..): what each party signs at the end of key generation.
 * Deviation: each X_j is prefixed with its party id, because parties need not be numbered 1..n without gaps.
 */
export const confirmedHash = (key: ConfirmedKey): Uint8Array =>
  sha256(
    frame('dkls23-ts/1/secp256k1/dkg/final', [
      key.dig1,
      key.dig2,
      key.publicKey,
      ...key.publicShares.map((share, i) => concat(u8(key.parties[i] ?? 0), share)),
      key.chainCode,
      u16(key.threshold),
      u16(key.parties.length),
      ascii('secp256k1'),
      ascii(key.keyId),
      u32(key.epoch),
    ]),
  );

/**
 * Recomputes the confirmed hash from the public fields and checks all n confirmations over it, and that the public
 * shares lie on one polynomial of degree threshold - 1 through the public key.
 * Pure and light: the ledger replays it in every process, the browser included.
 * @returns false for anything else, malformed input included; it never throws.
 */
export const verifyKeyCertificate = (certificate: KeyCertificate, verify: VerifyConfirmation): boolean => {
  try {
    return isConfirmed(certificate, verify);
  } catch {
    return false;
  }
};

const isConfirmed = (certificate: KeyCertificate, verify: VerifyConfirmation): boolean => {
  const { parties, threshold } = certificate;
  if (certificate.backend !== 'dkls23-ts' || certificate.specVersion !== 'dkls23-ts/1') return false;
  if (certificate.curve !== 'secp256k1' || typeof certificate.keyId !== 'string') return false;
  if (!Number.isInteger(certificate.epoch) || certificate.epoch < 0 || certificate.epoch > 0xffffffff) return false;
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > parties.length) return false;
  if (!isPartyList(parties)) return false;
  if (!hasExactlyParties(certificate.publicShares, parties)) return false;
  if (!hasExactlyParties(certificate.confirmations, parties)) return false;

  const publicKey = bytes(certificate.publicKey, 33);
  const publicShares = parties.map((party) => bytes(certificate.publicShares[party], 33));
  const hash = confirmedHash({
    keyId: certificate.keyId,
    epoch: certificate.epoch,
    threshold,
    parties,
    publicKey,
    publicShares,
    chainCode: bytes(certificate.chainCode, 32),
    dig1: bytes(certificate.dig1, 32),
    dig2: bytes(certificate.dig2, 32),
  });
  if (bytesToHex(hash) !== certificate.transcriptHash) return false;
  if (!parties.every((party) => verify(party, hash, bytes(certificate.confirmations[party])))) return false;
  return isOnePolynomial(publicKey, publicShares, parties, threshold);
};

const hasExactlyParties = (byParty: Record<string, string>, parties: readonly PartyId[]): boolean =>
  Object.keys(byParty).length === parties.length && parties.every((party) => Object.hasOwn(byParty, String(party)));

const bytes = (hex: string | undefined, length?: number): Uint8Array => {
  if (hex === undefined || hex !== hex.toLowerCase()) throw new Error('Not lower-case hex.');
  const out = hexToBytes(hex);
  if (length !== undefined && out.length !== length) throw new Error('Wrong length.');
  return out;
};

const { Point } = secp256k1;
type CurvePoint = ReturnType<typeof Point.fromBytes>;

// The first t shares define the polynomial; the key (x = 0) and every further share must lie on it.
const isOnePolynomial = (
  publicKey: Uint8Array,
  publicShares: readonly Uint8Array[],
  parties: readonly PartyId[],
  threshold: number,
): boolean => {
  const points = publicShares.map((share) => Point.fromBytes(share));
  const key = Point.fromBytes(publicKey);
  if (key.is0() || points.some((point) => point.is0())) return false;
  const base = parties.slice(0, threshold);
  if (!interpolate(base, points, 0).equals(key)) return false;
  return parties.slice(threshold).every((party, i) => {
    const point = points[threshold + i];
    return point !== undefined && interpolate(base, points, party).equals(point);
  });
};

const interpolate = (base: readonly PartyId[], points: readonly CurvePoint[], x: number): CurvePoint => {
  const { Fn } = Point;
  return base.reduce((sum, i, index) => {
    const weight = base
      .filter((j) => j !== i)
      .reduce((product, j) => Fn.mul(product, Fn.div(Fn.create(BigInt(x - j)), Fn.create(BigInt(i - j)))), Fn.ONE);
    const point = points[index];
    if (point === undefined) throw new Error('A public share is missing.');
    return sum.add(point.multiplyUnsafe(weight));
  }, Point.ZERO);
};
