import {
  createCipheriv,
  createDecipheriv,
  createHash,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { agreementKeyFromHex, newAgreementKey, rawPublicKey, signingKeyFromHex } from './keys';

/** What travels in the clear. `ceremonyId` is 64 hex digits; `to` 0 says: every other participant. `ts` is unix milliseconds. */
export type EnvelopeHeader = {
  readonly v: 1;
  readonly kind: 'sign' | 'dkg' | 'pair';
  readonly from: number;
  readonly to: number;
  readonly ceremonyId: string;
  /** Session the body belongs to: the id under which the protocol runs, hex. */
  readonly sid: string;
  readonly round: number;
  /** Counts the messages of one ceremony and direction from 0; it is the nonce of the encryption. */
  readonly seq: number;
  readonly pairEpoch: number;
  readonly ts: number;
  /** The sender's X25519 key of this ceremony and direction, hex; empty on a broadcast. */
  readonly ephemeral: string;
};

/** `u16 length of header | header (canonical JSON) | u32 length of body | body | 64-byte signature`. */
export type Envelope = { readonly header: EnvelopeHeader; readonly body: Uint8Array; readonly bytes: Uint8Array };

/** The keys of a node that seals and opens. They never leave the process. */
export type SecretIdentity = {
  readonly node: number;
  readonly signingKey: KeyObject;
  readonly agreementKey: KeyObject;
};

/** A peer's public keys as the genesis pins them, hex. */
export type PeerKeys = { readonly signingKey: string; readonly agreementKey: string };

const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
const SIGNATURE_TAG = 'countersign/envelope/1';
const KEY_TAG = 'countersign/envelope-key/1';

/** Largest body of a protocol message: 64 KB and 10 % (specification 6.1, 30). */
export const MAX_ENVELOPE_BYTES = 72_089;

/** Signs one object for all other participants. It is not encrypted. */
export const sealBroadcast = (
  header: Omit<EnvelopeHeader, 'ephemeral' | 'to'>,
  body: Uint8Array,
  me: SecretIdentity,
): Uint8Array => signed({ ...header, to: 0, ephemeral: '' }, body, me);

/** One sender's channel to one peer inside one ceremony: a key of its own, and a counter that can't repeat a nonce. */
export type SealingChannel = { seal(header: Omit<EnvelopeHeader, 'ephemeral' | 'seq'>, body: Uint8Array): Uint8Array };

export const createSealingChannel = (
  me: SecretIdentity,
  peer: { readonly node: number } & PeerKeys,
  ceremonyId: string,
): SealingChannel => {
  const ephemeral = newAgreementKey();
  const theirs = agreementKeyFromHex(peer.agreementKey);
  const key = deriveKey(
    diffieHellman({ privateKey: ephemeral.privateKey, publicKey: theirs }),
    diffieHellman({ privateKey: me.agreementKey, publicKey: theirs }),
    { from: me.node, to: peer.node, ceremonyId },
  );
  const ephemeralHex = rawPublicKey(ephemeral.publicKey);
  let seq = 0;
  return {
    seal: (header, body) => {
      const full: EnvelopeHeader = { ...header, seq: seq++, ephemeral: ephemeralHex };
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(full.seq)).setAAD(headerBytes(full));
      const sealed = Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
      return signed(full, sealed, me);
    },
  };
};

/** One receiver's view of one peer inside one ceremony. */
export type OpeningChannel = {
  /** The body, or null for anything that fails authentication or was seen before. Never throws. */
  open(envelope: Envelope): Uint8Array | null;
};

/**
 * Opens what `peer` sent to `me` or to all. The peer's keys come from the pinned genesis, never from the relay.
 * SECURITY: an envelope that fails here is only counted by the caller; it must never abort or burn anything (specification 4.2).
 */
export const createOpeningChannel = (
  me: SecretIdentity,
  peer: { readonly node: number } & PeerKeys,
  ceremonyId: string,
): OpeningChannel => {
  const verifier = signingKeyFromHex(peer.signingKey);
  const seen = new Set<string>();
  let key: { readonly ephemeral: string; readonly bytes: Buffer } | null = null;
  const keyFor = (ephemeral: string): Buffer => {
    if (key !== null) {
      // One key per ceremony and direction: a second ephemeral key of the same peer is not what an honest node sends.
      if (key.ephemeral !== ephemeral) throw new Error('Second key of one direction.');
      return key.bytes;
    }
    const theirs = agreementKeyFromHex(peer.agreementKey);
    const bytes = deriveKey(
      diffieHellman({ privateKey: me.agreementKey, publicKey: agreementKeyFromHex(ephemeral) }),
      diffieHellman({ privateKey: me.agreementKey, publicKey: theirs }),
      { from: peer.node, to: me.node, ceremonyId },
    );
    key = { ephemeral, bytes };
    return bytes;
  };
  return {
    open: (envelope) => {
      const { header, body, bytes } = envelope;
      if (header.from !== peer.node || header.ceremonyId !== ceremonyId) return null;
      if (header.to !== me.node && header.to !== 0) return null;
      const place = `${header.to}:${header.seq}`;
      if (seen.has(place)) return null;
      try {
        const signature = bytes.subarray(bytes.length - SIGNATURE_BYTES);
        if (!verify(null, signedHash(header, body), verifier, signature)) return null;
        const opened = header.to === 0 ? body : decrypt(header, body, keyFor(header.ephemeral));
        seen.add(place);
        return opened;
      } catch {
        return null;
      }
    },
  };
};

/** Parses an envelope's layout. @returns null unless it is exactly one well-formed envelope within the size limit. */
export const parseEnvelope = (bytes: Uint8Array): Envelope | null => {
  try {
    if (bytes.length > MAX_ENVELOPE_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const headerLength = view.getUint16(0);
    const bodyLength = view.getUint32(2 + headerLength);
    if (bytes.length !== 6 + headerLength + bodyLength + SIGNATURE_BYTES) return null;
    const header = parseHeader(bytes.subarray(2, 2 + headerLength));
    return header && { header, body: bytes.subarray(6 + headerLength, 6 + headerLength + bodyLength), bytes };
  } catch {
    return null;
  }
};

const parseHeader = (bytes: Uint8Array): EnvelopeHeader | null => {
  const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as EnvelopeHeader;
  const isNode = (value: unknown, least: number): boolean =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= 64;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  const isHex = (value: unknown, length: number): boolean =>
    typeof value === 'string' && value.length === length && /^[0-9a-f]*$/.test(value);
  const isWellFormed =
    Object.keys(header).length === 11 &&
    header.v === 1 &&
    (header.kind === 'sign' || header.kind === 'dkg' || header.kind === 'pair') &&
    isNode(header.from, 1) &&
    isNode(header.to, 0) &&
    header.from !== header.to &&
    isHex(header.ceremonyId, 64) &&
    isHex(header.sid, 64) &&
    [header.round, header.seq, header.pairEpoch, header.ts].every(isCount) &&
    isHex(header.ephemeral, header.to === 0 ? 0 : 64) &&
    // The signature covers the canonical form; another spelling of the same header is not accepted.
    Buffer.compare(headerBytes(header), bytes) === 0;
  return isWellFormed ? header : null;
};

const headerBytes = (header: EnvelopeHeader): Uint8Array => canonicalBytes(header as unknown as Json);

const signed = (header: EnvelopeHeader, body: Uint8Array, me: SecretIdentity): Uint8Array => {
  const head = headerBytes(header);
  const bytes = new Uint8Array(6 + head.length + body.length + SIGNATURE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, head.length);
  bytes.set(head, 2);
  view.setUint32(2 + head.length, body.length);
  bytes.set(body, 6 + head.length);
  bytes.set(sign(null, signedHash(header, body), me.signingKey), bytes.length - SIGNATURE_BYTES);
  return bytes;
};

/** Domain-separated and length-prefixed like `hashParts`, on the native hash: bodies have 40 KB. */
const signedHash = (header: EnvelopeHeader, body: Uint8Array): Buffer => {
  const hash = createHash('sha256').update(Uint8Array.of(SIGNATURE_TAG.length)).update(SIGNATURE_TAG);
  for (const part of [headerBytes(header), body]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  }
  return hash.digest();
};

const decrypt = (header: EnvelopeHeader, body: Uint8Array, key: Buffer): Uint8Array => {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(header.seq)).setAAD(headerBytes(header));
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  const plain = Buffer.concat([decipher.update(body.subarray(0, body.length - TAG_BYTES)), decipher.final()]);
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
};

const nonceOf = (seq: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(seq), 4);
  return nonce;
};

/** HKDF-SHA256 over (ephemeral-static || static-static); the direction and the ceremony are bound by `info`. */
const deriveKey = (
  ephemeralStatic: Buffer,
  staticStatic: Buffer,
  use: { from: number; to: number; ceremonyId: string },
): Buffer =>
  Buffer.from(
    hkdfSync(
      'sha256',
      Buffer.concat([ephemeralStatic, staticStatic]),
      '',
      `${KEY_TAG}|${use.from}>${use.to}|${use.ceremonyId}`,
      32,
    ),
  );
