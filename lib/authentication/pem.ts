import { bytesToHex, concatBytes, fromBase64Url, hexToBytes } from '@/lib/domain/hash';
import {
  DER_BIT_STRING,
  DER_INTEGER,
  DER_NULL,
  DER_OBJECT_ID,
  DER_SEQUENCE,
  readDer,
  readOneDer,
  unsignedMagnitude,
  writeDer,
  writeUnsigned,
} from './der';

export const EC_CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const;
export type EcCurve = (typeof EC_CURVES)[number];

/** A public key of an allowed kind. `spki` is the DER SubjectPublicKeyInfo, whatever PEM form it came in. */
export type PublicKey = { readonly spki: Uint8Array } & (
  | { readonly kind: 'ec'; readonly curve: EcCurve /** SEC1 point, compressed or not. */; readonly point: Uint8Array }
  | { readonly kind: 'ed25519' /** 32 bytes. */; readonly key: Uint8Array }
  | { readonly kind: 'rsa' /** Big-endian magnitudes. */; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
);

/**
 * Parses a public key in PEM: `PUBLIC KEY` (SPKI, RFC 5480, 8410, 3279) or `RSA PUBLIC KEY` (PKCS#1). One block, nothing
 * around it but white space at the end. P-256, P-384, P-521, secp256k1, Ed25519 and RSA of 2048 to 8192 bits are allowed.
 * @returns null for everything else. Whether an EC point lies on its curve is the verifier's to see.
 */
export const parsePublicKey = (pem: string): PublicKey | null => {
  const block = PEM.exec(pem);
  if (block === null || pem.length > 16_384) return null;
  const [, label, body = ''] = block;
  const der = fromBase64Url(body.replace(/[\r\n]/g, ''));
  if (der === null) return null;
  return label === 'RSA ' ? parseRsa(der, writeSpki(RSA_ALGORITHM, der)) : parseSpki(der);
};

/** SPKI DER to PEM with lines of 64 columns and no newline at the end. */
export const spkiToPem = (spki: Uint8Array): string => {
  const base64 = btoa(String.fromCharCode(...spki));
  return `-----BEGIN PUBLIC KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----`;
};

/** SPKI of a P-256 point given by its coordinates, 32 bytes each. */
export const p256Spki = (x: Uint8Array, y: Uint8Array): Uint8Array =>
  writeSpki(
    writeDer(DER_SEQUENCE, objectId(OID_EC_PUBLIC_KEY), objectId(CURVE_OIDS['P-256'])),
    concatBytes(Uint8Array.of(4), x, y),
  );

/** SPKI of a 32-byte Ed25519 key. */
export const ed25519Spki = (key: Uint8Array): Uint8Array =>
  writeSpki(writeDer(DER_SEQUENCE, objectId(OID_ED25519)), key);

/** SPKI of an RSA key; modulus and exponent big-endian. */
export const rsaSpki = (modulus: Uint8Array, exponent: Uint8Array): Uint8Array =>
  writeSpki(RSA_ALGORITHM, writeDer(DER_SEQUENCE, writeUnsigned(modulus), writeUnsigned(exponent)));

const PEM = /^-----BEGIN (RSA )?PUBLIC KEY-----\r?\n((?:[A-Za-z0-9+/]+={0,2}\r?\n)+)-----END \1PUBLIC KEY-----\s*$/;

// Content octets of the object identifiers, hex.
const OID_EC_PUBLIC_KEY = '2a8648ce3d0201';
const OID_RSA = '2a864886f70d010101';
const OID_ED25519 = '2b6570';
const CURVE_OIDS: Readonly<Record<EcCurve, string>> = {
  'P-256': '2a8648ce3d030107',
  'P-384': '2b81040022',
  'P-521': '2b81040023',
  secp256k1: '2b8104000a',
};
const FIELD_BYTES: Readonly<Record<EcCurve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 };

const objectId = (hex: string): Uint8Array => writeDer(DER_OBJECT_ID, hexToBytes(hex));
const RSA_ALGORITHM = writeDer(DER_SEQUENCE, objectId(OID_RSA), writeDer(DER_NULL));

const writeSpki = (algorithm: Uint8Array, key: Uint8Array): Uint8Array =>
  writeDer(DER_SEQUENCE, algorithm, writeDer(DER_BIT_STRING, Uint8Array.of(0), key));

const parseSpki = (spki: Uint8Array): PublicKey | null => {
  const parts = readDer(readOneDer(spki, DER_SEQUENCE) ?? new Uint8Array(0));
  const [algorithm, bits] = parts ?? [];
  if (parts?.length !== 2 || algorithm?.tag !== DER_SEQUENCE || bits?.tag !== DER_BIT_STRING) return null;
  if (bits.content[0] !== 0) return null;
  const key = bits.content.subarray(1);
  const names = readDer(algorithm.content);
  const [name, parameters] = names ?? [];
  if (names === null || name?.tag !== DER_OBJECT_ID) return null;
  switch (bytesToHex(name.content)) {
    case OID_ED25519:
      return names.length === 1 && key.length === 32 ? { kind: 'ed25519', spki, key } : null;
    case OID_RSA:
      return names.length === 2 && parameters?.tag === DER_NULL && parameters.content.length === 0
        ? parseRsa(key, spki)
        : null;
    case OID_EC_PUBLIC_KEY: {
      if (names.length !== 2 || parameters?.tag !== DER_OBJECT_ID) return null;
      const curve = EC_CURVES.find((candidate) => CURVE_OIDS[candidate] === bytesToHex(parameters.content));
      return curve !== undefined && isPointShaped(key, FIELD_BYTES[curve])
        ? { kind: 'ec', curve, spki, point: key }
        : null;
    }
    default:
      return null;
  }
};

const isPointShaped = (point: Uint8Array, fieldBytes: number): boolean =>
  point[0] === 4
    ? point.length === 1 + 2 * fieldBytes
    : (point[0] === 2 || point[0] === 3) && point.length === 1 + fieldBytes;

const parseRsa = (pkcs1: Uint8Array, spki: Uint8Array): PublicKey | null => {
  const parts = readDer(readOneDer(pkcs1, DER_SEQUENCE) ?? new Uint8Array(0));
  const [n, e] = parts ?? [];
  if (parts?.length !== 2 || n?.tag !== DER_INTEGER || e?.tag !== DER_INTEGER) return null;
  const modulus = unsignedMagnitude(n.content);
  const exponent = unsignedMagnitude(e.content);
  if (modulus === null || exponent === null || exponent.length > 4) return null;
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  const isOdd = ((modulus.at(-1) ?? 0) & (exponent.at(-1) ?? 0) & 1) === 1;
  // An exponent of 1 would make every padded message its own signature.
  const isTrivial = exponent.length === 1 && (exponent[0] ?? 0) < 3;
  return bits >= 2048 && bits <= 8192 && isOdd && !isTrivial ? { kind: 'rsa', spki, modulus, exponent } : null;
};
