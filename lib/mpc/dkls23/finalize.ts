import { encodeScalar, invert, mod, ORDER } from '../encoding';
import { concat } from '../framing';
import { toHex } from '../primitives';
import { retryable, unattributed } from '../rounds';
import { recoversTo, verifySignature } from '../verify-signature';

/** An ECDSA signature in low-s form, verified under the public key before anybody sees it. */
export type EcdsaSignature = {
  /** `0x` and 64 hex digits. */
  r: string;
  /** `0x` and 64 hex digits, at most q/2. */
  s: string;
  recid: 0 | 1;
};

export type NoncePoint = { x: bigint; isOdd: boolean };

/**
 * Takes r from the combined nonce point.
 * @throws {ProtocolAbortError} retryable, when r = 0, or when x >= q: recovery ids 2 and 3 are unusable on EVM chains.
 */
export const assertUsableNonce = ({ x }: NoncePoint): bigint => {
  if (x >= ORDER) throw retryable('mpc.nonce_overflow', 'The x-coordinate of the nonce is not below the group order.');
  if (x === 0n) throw retryable('mpc.nonce_zero', 'The x-coordinate of the nonce is zero.');
  return x;
};

/**
 * Combines the shares u and w of all participants into one signature, normalises s and checks the result.
 * @param sums sum u_i and sum w_i modulo q.
 * @param digest 32 bytes.
 * @param publicKey 33 bytes.
 * @throws {ProtocolAbortError} unattributed, when the result is no valid signature: it can't be told whose share was wrong.
 */
export const finalizeSignature = (
  nonce: NoncePoint,
  sums: { u: bigint; w: bigint },
  digest: Uint8Array,
  publicKey: Uint8Array,
): EcdsaSignature => {
  const r = assertUsableNonce(nonce);
  if (sums.u === 0n || sums.w === 0n) throw invalidSignature();
  const s = mod(sums.w * invert(sums.u));
  const isHigh = s > ORDER >> 1n;
  const lowS = isHigh ? ORDER - s : s;
  const recid = nonce.isOdd !== isHigh ? 1 : 0;
  const signature = concat(encodeScalar(r), encodeScalar(lowS));
  if (!verifySignature({ publicKey, digest, signature })) throw invalidSignature();
  if (!recoversTo({ publicKey, digest, signature, recid })) throw invalidSignature();
  return { r: `0x${toHex(signature.subarray(0, 32))}`, s: `0x${toHex(signature.subarray(32))}`, recid };
};

const invalidSignature = () =>
  unattributed('mpc.invalid_signature', [], 'The combined signature does not verify under the public key.');
