import { ofParty } from '../by-party';
import { encodeScalar, scalarFromBytes } from '../encoding';
import { ascii, concat, u8, u16, u32 } from '../framing';
import type { KeyCertificate } from '../key-certificate';
import { toHex } from '../primitives';
import type { PartyId } from '../protocol';
import { createReader } from '../reader';
import { BACKEND, CURVE, HASH_BYTES, POINT_BYTES, SCALAR_BYTES, SPEC_VERSION } from './parameters';

/** One party's share of a key, complete only with the confirmations of all n parties. */
export type KeyShare = {
  keyId: string;
  curve: 'secp256k1';
  epoch: number;
  threshold: number;
  /** Sorted, distinct. */
  parties: PartyId[];
  me: PartyId;
  /** x_me. Secret. */
  secretShare: bigint;
  /** 33 bytes, SEC1 compressed. */
  publicKey: Uint8Array;
  /** X_j, 33 bytes each. */
  publicShares: Map<PartyId, Uint8Array>;
  /** 32 bytes. */
  chainCode: Uint8Array;
  dig1: Uint8Array;
  dig2: Uint8Array;
  /** The hash every party signed, 32 bytes. */
  transcriptHash: Uint8Array;
  confirmations: Map<PartyId, Uint8Array>;
};

const MAGIC = Uint8Array.from([0x64, 0x6b, 0x73, 0x01]);

/** Encodes a key share. The result is secret: seal it before it touches a disk. */
export const encodeKeyShare = (share: KeyShare): Uint8Array => {
  const keyId = ascii(share.keyId);
  const perParty = share.parties.flatMap((party) => {
    const confirmation = ofParty(share.confirmations, party);
    return [u8(party), ofParty(share.publicShares, party), u16(confirmation.length), confirmation];
  });
  return concat(
    MAGIC,
    u16(keyId.length),
    keyId,
    u32(share.epoch),
    u8(share.threshold),
    u8(share.me),
    encodeScalar(share.secretShare),
    share.publicKey,
    share.chainCode,
    share.dig1,
    share.dig2,
    share.transcriptHash,
    u8(share.parties.length),
    ...perParty,
  );
};

/** Decodes what `encodeKeyShare` produced. @throws {MalformedBytesError} on any other bytes. */
export const decodeKeyShare = (bytes: Uint8Array): KeyShare => {
  const reader = createReader(bytes);
  reader.expect(MAGIC);
  const keyId = new TextDecoder('utf-8', { fatal: true }).decode(reader.take(reader.u16()));
  const epoch = reader.u32();
  const threshold = reader.u8();
  const me = reader.u8();
  const secretShare = scalarFromBytes(reader.take(SCALAR_BYTES));
  const publicKey = reader.take(POINT_BYTES);
  const chainCode = reader.take(HASH_BYTES);
  const dig1 = reader.take(HASH_BYTES);
  const dig2 = reader.take(HASH_BYTES);
  const transcriptHash = reader.take(HASH_BYTES);
  const parties: PartyId[] = [];
  const publicShares = new Map<PartyId, Uint8Array>();
  const confirmations = new Map<PartyId, Uint8Array>();
  for (let left = reader.u8(); left > 0; left -= 1) {
    const party = reader.u8();
    parties.push(party);
    publicShares.set(party, reader.take(POINT_BYTES));
    confirmations.set(party, reader.take(reader.u16()));
  }
  reader.end();
  return {
    keyId,
    curve: CURVE,
    epoch,
    threshold,
    parties,
    me,
    secretShare,
    publicKey,
    publicShares,
    chainCode,
    dig1,
    dig2,
    transcriptHash,
    confirmations,
  };
};

/** Returns the public part of a key share: what the ledger stores and `verifyKeyCertificate` checks. */
export const keyCertificate = (share: KeyShare): KeyCertificate => ({
  backend: BACKEND,
  specVersion: SPEC_VERSION,
  keyId: share.keyId,
  curve: share.curve,
  epoch: share.epoch,
  threshold: share.threshold,
  parties: [...share.parties],
  publicKey: toHex(share.publicKey),
  publicShares: hexByParty(share.publicShares),
  chainCode: toHex(share.chainCode),
  dig1: toHex(share.dig1),
  dig2: toHex(share.dig2),
  transcriptHash: toHex(share.transcriptHash),
  confirmations: hexByParty(share.confirmations),
});

const hexByParty = (byParty: ReadonlyMap<PartyId, Uint8Array>): Record<string, string> =>
  Object.fromEntries([...byParty].map(([party, bytes]) => [String(party), toHex(bytes)]));
