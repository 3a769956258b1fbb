import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@/lib/domain/hash';
import type { VerifyCredentialSignature, VerifyEd25519 } from '@/lib/ledger/ports';
import { type Digest, parseDigest } from './digests';
import { type PublicKey, parsePublicKey } from './pem';

/** The browser's counterpart of node-verifier: same keys, same encodings, same answers. */
export const verifyCredentialSignatureInBrowser: VerifyCredentialSignature = ({
  publicKey,
  data,
  signature,
  algorithm,
}) => {
  const digest = parseDigest(algorithm);
  const key = parsePublicKey(publicKey);
  if (digest === null || key === null) return false;
  try {
    switch (key.kind) {
      case 'ed25519':
        return signature.length === 64 && ed25519.verify(signature, data, key.key, { zip215: false });
      case 'rsa':
        return verifyRsa(key, HASHES[digest](data), digest, signature);
      case 'ec':
        return verifyEc(key, HASHES[digest](data), signature);
    }
  } catch {
    return false;
  }
};

/** Ed25519 over hex key and signature, by RFC 8032. */
export const verifyEd25519InBrowser: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return ed25519.verify(hexToBytes(signature), message, hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
};

const HASHES: Readonly<Record<Digest, (data: Uint8Array) => Uint8Array>> = { sha256, sha384, sha512 };
const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 } as const;

const verifyEc = (key: Extract<PublicKey, { kind: 'ec' }>, digest: Uint8Array, signature: Uint8Array): boolean => {
  const curve = CURVES[key.curve];
  const isBy = (format: 'der' | 'compact'): boolean => {
    try {
      return curve.verify(signature, digest, key.point, { prehash: false, lowS: false, format });
    } catch {
      return false;
    }
  };
  const takesRaw = (key.curve === 'P-256' || key.curve === 'secp256k1') && signature.length === 64;
  return isBy('der') || (takesRaw && isBy('compact'));
};

// DER prefixes of DigestInfo (RFC 8017, 9.2 note 1).
const DIGEST_INFO: Readonly<Record<Digest, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** RSASSA-PKCS1-v1_5 by comparing encodings, never by parsing the padding (RFC 8017, 8.2.2). */
const verifyRsa = (
  key: Extract<PublicKey, { kind: 'rsa' }>,
  digest: Uint8Array,
  name: Digest,
  signature: Uint8Array,
): boolean => {
  const size = key.modulus.length;
  if (signature.length !== size) return false;
  const modulus = toInteger(key.modulus);
  const value = toInteger(signature);
  if (value >= modulus) return false;
  const info = DIGEST_INFO[name] + bytesToHex(digest);
  const padding = 'ff'.repeat(size - 3 - info.length / 2);
  return power(value, toInteger(key.exponent), modulus) === BigInt(`0x0001${padding}00${info}`);
};

const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};
