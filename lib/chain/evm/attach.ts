import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak256, toHex } from 'viem/utils';
import { bytesToHex, hexToBytes } from '@/lib/domain/hash';
import { accepted, refused } from '@/lib/domain/refusal';
import type { EcdsaSignature } from '@/lib/domain/signing';
import type { ChainRules } from '../adapter';
import { checksummed } from '../checksum';
import { encodeSignature } from '../encode-signature';
import { bareHex, parseAddress } from '../hex';
import { messageOf } from '../message';
import { decodeUnsigned, digestOf, encodeSigned } from './unsigned';

/** Address of a compressed public key (33 bytes, hex), EIP-55; null when it is no point of the curve. */
export const addressOf = (publicKey: string): string | null => {
  const bare = bareHex(publicKey);
  if (bare?.length !== 66) return null;
  try {
    const uncompressed = secp256k1.Point.fromHex(bare).toBytes(false);
    const address = parseAddress(`0x${keccak256(uncompressed.slice(1)).slice(-40)}`);
    return address && checksummed(address);
  } catch {
    return null;
  }
};

/** The address whose key made the signature, lower case; null for a malformed or high-s one. */
export const recoverAddress = (digest: string, signature: EcdsaSignature): string | null => {
  const shape = /^0x[0-9a-f]{64}$/;
  if (!shape.test(signature.r) || !shape.test(signature.s) || (signature.recid !== 0 && signature.recid !== 1))
    return null;
  try {
    const parsed = new secp256k1.Signature(BigInt(signature.r), BigInt(signature.s)).addRecoveryBit(signature.recid);
    // Local chains take a high s, others don't, and it would be a second signature of the same transaction.
    if (parsed.hasHighS()) return null;
    const point = parsed.recoverPublicKey(hexToBytes(digest));
    return addressOf(bytesToHex(point.toBytes(true)))?.toLowerCase() ?? null;
  } catch {
    return null;
  }
};

export const attach: ChainRules['attach'] = (intent, unsigned, signature) => {
  const wallet = parseAddress(intent.address);
  const message = messageOf(intent);
  if (intent.activityKind === 'Signature' && message?.unsigned !== unsigned)
    return refused(422, 'chain.mismatch', 'The bytes are not those of the request.');
  const digest = message?.digest ?? digestOf(unsigned);
  if (!wallet || recoverAddress(digest, signature) !== wallet)
    return refused(422, 'chain.signature', 'The signature is not one of the wallet over these bytes.');
  if (message) return accepted({ raw: encodeSignature(signature), hash: toHex(hexToBytes(digest)) });
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) return decoded;
  const [r, s] = [bareHex(signature.r), bareHex(signature.s)];
  return accepted(encodeSigned(decoded.value, { r: `0x${r}`, s: `0x${s}`, yParity: signature.recid }));
};
