import { bytesToHex, sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { type Cbor, isCborMap, readCbor } from './cbor';

/** Authenticator data (WebAuthn level 3, section 6.1). */
export type AuthenticatorData = {
  /** SHA-256 of the relying-party id, hex. */
  readonly rpIdHash: string;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  /** BE: the passkey may be copied to other devices. It never changes in a credential's life. */
  readonly isBackupEligible: boolean;
  /** BS: it has been. */
  readonly isBackedUp: boolean;
  readonly counter: number;
  /** Present at registration. `publicKey` is a COSE_Key. */
  readonly attested?: { readonly credId: Uint8Array; readonly publicKey: Cbor };
};

const FLAGS = { userPresent: 0x01, userVerified: 0x04, eligible: 0x08, backedUp: 0x10, attested: 0x40, extended: 0x80 };

/**
 * Reads authenticator data; null when it is malformed: shorter or longer than its flags say, or backed up without being eligible
 * for it, which no honest authenticator says (WebAuthn level 3, section 7.2 step 17).
 */
export const readAuthenticatorData = (bytes: Uint8Array): AuthenticatorData | null => {
  if (bytes.length < 37) return null;
  const flags = bytes[32] ?? 0;
  const has = (flag: number) => (flags & flag) !== 0;
  if (has(FLAGS.backedUp) && !has(FLAGS.eligible)) return null;
  const base = {
    rpIdHash: bytesToHex(bytes.subarray(0, 32)),
    userPresent: has(FLAGS.userPresent),
    userVerified: has(FLAGS.userVerified),
    isBackupEligible: has(FLAGS.eligible),
    isBackedUp: has(FLAGS.backedUp),
    counter: new DataView(bytes.buffer, bytes.byteOffset + 33, 4).getUint32(0),
  };
  const attested = has(FLAGS.attested) ? readAttested(bytes) : { end: 37 };
  if (attested === null) return null;
  const end = has(FLAGS.extended) ? endOfExtensions(bytes, attested.end) : attested.end;
  if (end !== bytes.length) return null;
  return 'credential' in attested ? { ...base, attested: attested.credential } : base;
};

const readAttested = (bytes: Uint8Array) => {
  if (bytes.length < 55) return null;
  const idLength = ((bytes[53] ?? 0) << 8) | (bytes[54] ?? 0);
  const start = 55 + idLength;
  if (idLength === 0 || idLength > 1023 || bytes.length < start) return null;
  const key = readCbor(bytes.subarray(start));
  return key && { credential: { credId: bytes.subarray(55, start), publicKey: key.value }, end: start + key.end };
};

/** Where the extensions end that start there: they are one CBOR map, and the last thing in authenticator data. */
const endOfExtensions = (bytes: Uint8Array, start: number): number | null => {
  const extensions = readCbor(bytes.subarray(start));
  return extensions && isCborMap(extensions.value) ? start + extensions.end : null;
};

/** Hash under which authenticator data names a relying party, hex. */
export const rpIdHash = (rpId: string): string => sha256Hex(utf8ToBytes(rpId));
