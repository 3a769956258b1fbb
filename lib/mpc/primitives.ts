import { createCipheriv, createHash, hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of one byte string. */
export const sha256 = (input: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(input).digest());

/** SHA-512 of one byte string. */
export const sha512 = (input: Uint8Array): Uint8Array => new Uint8Array(createHash('sha512').update(input).digest());

/** SHA-512 as 128 hex digits: the fastest way from bytes to a 512-bit integer. */
export const sha512Hex = (input: Uint8Array): string => hash('sha512', input, 'hex');

/**
 * Expands a key into `length` bytes with AES-256-CTR.
 * @param key 32 bytes, used for one iv only once.
 * @param iv 16 bytes, the initial counter block.
 */
export const expandAes = (key: Uint8Array, iv: Uint8Array, length: number): Uint8Array => {
  const stream = createCipheriv('aes-256-ctr', key, iv).update(new Uint8Array(length));
  return new Uint8Array(stream.buffer, stream.byteOffset, stream.length);
};

/** Compares byte strings of equal, public length in constant time; different lengths are unequal. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Lower-case hex of bytes. Native, so several times faster than a table in JavaScript. */
export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** Bytes of hex that this room made itself; not a parser for foreign text. */
export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
