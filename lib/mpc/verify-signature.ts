import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export type SignatureToVerify = {
  /** SEC1, compressed or uncompressed. */
  publicKey: Uint8Array;
  /** The 32-byte digest that was signed; it is not hashed again. */
  digest: Uint8Array;
  signature: Uint8Array;
  /** `compact` (the default) is r and s, 32 bytes each; `der` is strict DER. */
  encoding?: 'compact' | 'der';
};

/**
 * Verifies an ECDSA signature on secp256k1 with strict low-s: s > q/2 is refused although it would verify.
 * @returns false for everything malformed; it never throws.
 */
export const verifySignature = ({ publicKey, digest, signature, encoding = 'compact' }: SignatureToVerify): boolean => {
  if (digest.length !== 32) return false;
  try {
    return secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: true, format: encoding });
  } catch {
    return false;
  }
};

/** Tells whether recovering the signer from a compact signature and its recovery id gives the 33-byte public key. */
export const recoversTo = (input: {
  publicKey: Uint8Array;
  digest: Uint8Array;
  signature: Uint8Array;
  recid: 0 | 1;
}): boolean => {
  const recovered = secp256k1.Signature.fromBytes(input.signature, 'compact')
    .addRecoveryBit(input.recid)
    .recoverPublicKey(input.digest);
  // Both are public, and this file runs in browsers too.
  return bytesToHex(recovered.toBytes(true)) === bytesToHex(input.publicKey);
};
