import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes };

// In Node the runtime's own SHA-256 does the same at a quarter of the cost; a browser has none that answers at once.
const runtime = globalThis.process?.getBuiltinModule?.('node:crypto');

/** SHA-256 of the bytes: 32 bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
  if (!runtime?.hash) return nobleSha256(bytes);
  const { buffer, byteOffset, length } = runtime.hash('sha256', bytes, 'buffer');
  return new Uint8Array(buffer, byteOffset, length);
};

/** Lower-case hex SHA-256 of the bytes, without prefix. */
export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/**
 * Hashes parts under a domain-separation tag:
 * `SHA-256( u8 len(tag) | tag | for each part: u32be len(part) | part )`. Text parts are UTF-8.
 * The length prefixes are mandatory: without them two different lists of parts could hash alike.
 * @throws {RangeError} when the tag is empty or longer than 255 bytes.
 */
export const hashParts = (tag: string, ...parts: readonly (Uint8Array | string)[]): Uint8Array => {
  const tagBytes = utf8ToBytes(tag);
  if (tagBytes.length === 0 || tagBytes.length > 255) throw new RangeError('A hash tag has 1 to 255 bytes.');
  const pieces = parts.map((part) => (typeof part === 'string' ? utf8ToBytes(part) : part));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + 4 + piece.length, 1 + tagBytes.length));
  const view = new DataView(whole.buffer);
  view.setUint8(0, tagBytes.length);
  whole.set(tagBytes, 1);
  let at = 1 + tagBytes.length;
  for (const piece of pieces) {
    view.setUint32(at, piece.length);
    whole.set(piece, at + 4);
    at += 4 + piece.length;
  }
  return sha256(whole);
};

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Value of each symbol by its character code, in both alphabets; −1 is none. */
const SEXTETS = Int8Array.from({ length: 128 }, (_, code) =>
  BASE64URL.indexOf(String.fromCharCode(code).replace('+', '-').replace('/', '_')),
);

/** Base64url without padding (RFC 4648 §5). */
export const toBase64Url = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const symbols = Math.min(4, bytes.length - i + 1);
    for (let s = 0; s < symbols; s++) text += BASE64URL[(chunk >> (18 - 6 * s)) & 63];
  }
  return text;
};

/**
 * Decodes base64url or standard base64, padded or not.
 * @returns null when a character is outside the alphabet or the length is impossible.
 */
export const fromBase64Url = (text: string): Uint8Array | null => {
  let length = text.length;
  while (length > 0 && text[length - 1] === '=') length -= 1;
  if (length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < length; i += 1) {
    const value = SEXTETS[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    buffer = ((buffer << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 0xff;
    }
  }
  return bytes;
};
