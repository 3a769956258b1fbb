/** Version of the specification this backend follows. Stored with every key and never mixed. */
export const SPEC_VERSION = 'dkls23-ts/1';
export const BACKEND = 'dkls23-ts';
export const CURVE = 'secp256k1';

/** lambda_c: base OTs per direction, and bits of Delta. */
export const BASE_OTS = 128;
/** xi = kappa + 2 * lambda_s = 256 + 2 * 80: OTs per multiplication. */
export const OTS = 416;
/** L': bits of one OT extension row: four check blocks and one mask block of 128 bits. */
export const ROW_BYTES = 80;
/** Blocks of GF(2^128) that the consistency check combines; the fifth block of a row is the mask. */
export const CHECK_BLOCKS = 4;
/** Bytes of one GF(2^128) element, of one OT column and of Delta. */
export const BLOCK_BYTES = 16;
/** Bytes of one base OT seed, of nonces and of session ids. */
export const SEED_BYTES = 32;
/** ell + rho: two inputs (r_i, sk_i) and one check element per OT. */
export const WIDTH = 3;

export const SCALAR_BYTES = 32;
export const POINT_BYTES = 33;
export const HASH_BYTES = 32;
export const MAX_PARTIES = 16;
