import { fromBase64Url, sha256 } from '@/lib/domain/hash';

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** `SHA256:` and the base64 SHA-256 of a public key's SPKI DER: what two people compare before one vouches for the other. */
export const derFingerprint = (der: Uint8Array): string => `SHA256:${toBase64(sha256(der))}`;

/** The fingerprint of an SPKI PEM, or null when the text is none. */
export const pemFingerprint = (pem: string): string | null => {
  const base64 = /-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/.exec(pem)?.[1];
  const der = base64 ? fromBase64Url(base64.replace(/\s+/g, '')) : null;
  return der ? derFingerprint(der) : null;
};
