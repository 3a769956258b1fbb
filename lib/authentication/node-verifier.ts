import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { hexToBytes } from '@/lib/domain/hash';
import type { VerifyCredentialSignature, VerifyEd25519 } from '@/lib/ledger/ports';
import { parseDigest } from './digests';
import { ed25519Spki, type PublicKey, parsePublicKey } from './pem';

/**
 * Verifies credential signatures with OpenSSL: ECDSA in DER, or raw 64-byte r‖s on P-256 and secp256k1, pure Ed25519,
 * RSA PKCS#1 v1.5. Anything malformed is false; it never throws.
 */
export const verifyCredentialSignature: VerifyCredentialSignature = ({ publicKey, data, signature, algorithm }) => {
  const digest = parseDigest(algorithm);
  const known = loadKey(publicKey);
  if (digest === null || known === null) return false;
  try {
    switch (known.kind) {
      case 'ed25519':
        return signature.length === 64 && verify(null, data, known.key, signature);
      case 'rsa':
        return verify(digest, data, known.key, signature);
      case 'ec':
        return (
          verify(digest, data, { key: known.key, dsaEncoding: 'der' }, signature) ||
          (known.takesRaw &&
            signature.length === 64 &&
            verify(digest, data, { key: known.key, dsaEncoding: 'ieee-p1363' }, signature))
        );
    }
  } catch {
    return false;
  }
};

/** Verifies an Ed25519 signature; key (32 bytes) and signature (64 bytes) in hex. False for anything malformed. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  if (!/^[0-9a-f]{64}$/i.test(publicKey) || !/^[0-9a-f]{128}$/i.test(signature)) return false;
  try {
    const key = remember(`hex:${publicKey}`, () =>
      toKnown({ kind: 'ed25519', spki: ed25519Spki(hexToBytes(publicKey)), key: hexToBytes(publicKey) }),
    );
    return key !== null && verify(null, message, key.key, hexToBytes(signature));
  } catch {
    return false;
  }
};

type KnownKey = { readonly kind: PublicKey['kind']; readonly key: KeyObject; readonly takesRaw: boolean };

const MAX_CACHED = 4096;
const cache = new Map<string, KnownKey | null>();

const loadKey = (pem: string): KnownKey | null =>
  remember(pem, () => {
    const parsed = parsePublicKey(pem);
    return parsed === null ? null : toKnown(parsed);
  });

// OpenSSL gets the DER that our own parser has read, so the two can't see different keys in one text.
const toKnown = (parsed: PublicKey): KnownKey | null => {
  try {
    const key = createPublicKey({ key: Buffer.from(parsed.spki), format: 'der', type: 'spki' });
    return {
      kind: parsed.kind,
      key,
      takesRaw: parsed.kind === 'ec' && (parsed.curve === 'P-256' || parsed.curve === 'secp256k1'),
    };
  } catch {
    return null; // a point off its curve
  }
};

const remember = (name: string, load: () => KnownKey | null): KnownKey | null => {
  const found = cache.get(name);
  if (found !== undefined) return found;
  const loaded = load();
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(name, loaded);
  return loaded;
};
