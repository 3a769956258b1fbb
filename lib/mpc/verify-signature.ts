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
    const table = tableOf(publicKey);
    if (table) return holdsUnder(table, digest, signature, encoding);
    return secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: true, format: encoding });
  } catch {
    return false;
  }
};

type Point = InstanceType<typeof secp256k1.Point>;

/** A key that signed as often before is worth a table of its multiples, which costs as much as ten verifications. */
const WORTH_A_TABLE = 10;
/** Each table is half a megabyte. */
const MOST_TABLES = 16;
const MOST_KEYS = 1024;
const seen = new Map<string, { uses: number; table: Point | null }>();

/** The point of a key that is used often, with its table; null while one is not worth it. @throws for what is no point. */
const tableOf = (publicKey: Uint8Array): Point | null => {
  const name = bytesToHex(publicKey);
  const known = seen.get(name) ?? { uses: 0, table: null };
  known.uses += 1;
  // The one used last is the last to go.
  seen.delete(name);
  seen.set(name, known);
  const [oldest] = seen.keys();
  if (seen.size > MOST_KEYS && oldest !== undefined) seen.delete(oldest);
  if (known.table || known.uses < WORTH_A_TABLE) return known.table;
  const point = secp256k1.Point.fromBytes(publicKey);
  if (point.is0()) return null;
  const tables = [...seen.values()].filter(({ table }) => table !== null);
  if (tables.length >= MOST_TABLES && tables[0]) Object.assign(tables[0], { uses: 0, table: null });
  known.table = point.precompute(6);
  return known.table;
};

/** ECDSA verification (SEC 1, 4.1.4) with tables for both points; otherwise what `secp256k1.verify` does. Everything here is public. */
const holdsUnder = (
  key: Point,
  digest: Uint8Array,
  signature: Uint8Array,
  format: NonNullable<SignatureToVerify['encoding']>,
): boolean => {
  const { Fn, BASE } = secp256k1.Point;
  // Refuses r and s outside 1…q−1, and any other length or encoding.
  const parsed = secp256k1.Signature.fromBytes(signature, format);
  if (parsed.hasHighS()) return false;
  const hash = Fn.create(BigInt(`0x${bytesToHex(digest)}`));
  const inverse = Fn.inv(parsed.s);
  const sum = BASE.multiplyUnsafe(Fn.mul(hash, inverse)).add(key.multiplyUnsafe(Fn.mul(parsed.r, inverse)));
  return !sum.is0() && Fn.create(sum.toAffine().x) === parsed.r;
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
