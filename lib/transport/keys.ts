import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const X25519_SPKI = Buffer.from('302a300506032b656e032100', 'hex');

/** The raw 32 bytes of an Ed25519 or X25519 public key, lower-case hex. */
export const rawPublicKey = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ format: 'der', type: 'spki' })
    .subarray(-32)
    .toString('hex');

/** Imports 32 bytes of hex as an Ed25519 public key. @throws when they are not one. */
export const signingKeyFromHex = (hex: string): KeyObject => {
  const known = signingKeys.get(hex);
  if (known) return known;
  const key = publicKeyFromHex(ED25519_SPKI, hex);
  // Importing takes as long as verifying. The few keys of the nodes stay; strangers' keys can't fill the memory.
  if (signingKeys.size >= MAX_KNOWN_KEYS) signingKeys.clear();
  signingKeys.set(hex, key);
  return key;
};
const signingKeys = new Map<string, KeyObject>();
const MAX_KNOWN_KEYS = 256;

/** Imports 32 bytes of hex as an X25519 public key. @throws when they are not one. */
export const agreementKeyFromHex = (hex: string): KeyObject => publicKeyFromHex(X25519_SPKI, hex);

export const newSigningKey = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('ed25519');
export const newAgreementKey = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('x25519');

/** Verifies an Ed25519 signature; key and signature in hex. Never throws. */
export const verifyEd25519 = (publicKey: string, message: Uint8Array, signature: string): boolean => {
  try {
    return verify(null, message, signingKeyFromHex(publicKey), Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
};

const publicKeyFromHex = (prefix: Buffer, hex: string): KeyObject => {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError('A public key is 64 lower-case hex digits.');
  return createPublicKey({ key: Buffer.concat([prefix, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' });
};
