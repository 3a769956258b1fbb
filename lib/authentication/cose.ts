import { type Cbor, isCborMap } from './cbor';
import { ed25519Spki, p256Spki, parsePublicKey, rsaSpki, spkiToPem } from './pem';

/** COSE algorithms offered at registration, in order of preference: ES256, RS256, EdDSA (RFC 9053). */
export const COSE_ALGORITHMS = [-7, -257, -8] as const;
export type CoseAlgorithm = (typeof COSE_ALGORITHMS)[number];

/**
 * Turns an authenticator's COSE_Key into SPKI PEM.
 * @returns null for a key of another algorithm, or with a missing, too short or too weak part.
 */
export const coseToPem = (key: Cbor): { readonly algorithm: CoseAlgorithm; readonly publicKey: string } | null => {
  if (!isCborMap(key)) return null;
  const bytes = (label: number, length?: number): Uint8Array | null => {
    const value = key.get(label);
    return value instanceof Uint8Array && (length === undefined || value.length === length) ? value : null;
  };
  const found = (algorithm: CoseAlgorithm, spki: Uint8Array) => {
    const publicKey = spkiToPem(spki);
    return parsePublicKey(publicKey) === null ? null : { algorithm, publicKey };
  };
  const [kty, alg, curve] = [key.get(1), key.get(3), key.get(-1)];
  if (kty === 2 && alg === -7 && curve === 1) {
    const [x, y] = [bytes(-2, 32), bytes(-3, 32)];
    return x && y && found(-7, p256Spki(x, y));
  }
  if (kty === 1 && alg === -8 && curve === 6) {
    const x = bytes(-2, 32);
    return x && found(-8, ed25519Spki(x));
  }
  if (kty === 3 && alg === -257) {
    const [n, e] = [bytes(-1), bytes(-2)];
    return n && e && n.length <= 1024 && e.length <= 4 ? found(-257, rsaSpki(n, e)) : null;
  }
  return null;
};
