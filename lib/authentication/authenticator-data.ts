import { bytesToHex, sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { type Cbor, readCbor } from './cbor';

/** Authenticator data (WebAuthn level 2, section 6.1). */
export type AuthenticatorData = {
  /** SHA-256 of the relying-party id, hex. */
  readonly rpIdHash: string;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly counter: number;
  /** Present at registration. `publicKey` is a COSE_Key. */
  readonly attested?: { readonly credId: Uint8Array; readonly publicKey: Cbor };
};

/** Reads authenticator data; null when it is malformed. */
export const readAuthenticatorData = (bytes: Uint8Array): AuthenticatorData | null => {
  if (bytes.length < 37) return null;
  const flags = bytes[32] ?? 0;
  const base = {
    rpIdHash: bytesToHex(bytes.subarray(0, 32)),
    userPresent: (flags & 0x01) !== 0,
    userVerified: (flags & 0x04) !== 0,
    counter: new DataView(bytes.buffer, bytes.byteOffset + 33, 4).getUint32(0),
  };
  if ((flags & 0x40) === 0) return base;
  if (bytes.length < 55) return null;
  const idLength = ((bytes[53] ?? 0) << 8) | (bytes[54] ?? 0);
  if (idLength === 0 || idLength > 1023 || bytes.length < 55 + idLength) return null;
  const key = readCbor(bytes.subarray(55 + idLength));
  if (key === null) return null;
  const isComplete = (flags & 0x80) !== 0 || 55 + idLength + key.end === bytes.length;
  return isComplete ? { ...base, attested: { credId: bytes.subarray(55, 55 + idLength), publicKey: key.value } } : null;
};

/** Hash under which authenticator data names a relying party, hex. */
export const rpIdHash = (rpId: string): string => sha256Hex(utf8ToBytes(rpId));
