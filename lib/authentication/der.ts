import { concatBytes } from '@/lib/domain/hash';

/** One DER element: its tag byte and the bytes inside it (ITU-T X.690). */
export type DerElement = { readonly tag: number; readonly content: Uint8Array };

export const DER_INTEGER = 0x02;
export const DER_BIT_STRING = 0x03;
export const DER_NULL = 0x05;
export const DER_OBJECT_ID = 0x06;
export const DER_SEQUENCE = 0x30;

/**
 * Reads the elements that fill `bytes` completely. Definite, minimal lengths only, as DER demands.
 * @returns null for anything else, trailing bytes included.
 */
export const readDer = (bytes: Uint8Array): DerElement[] | null => {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes, at);
    if (header === null || header.end > bytes.length) return null;
    elements.push({ tag: header.tag, content: bytes.subarray(header.start, header.end) });
    at = header.end;
  }
  return elements;
};

/** Reads exactly one element of that tag. */
export const readOneDer = (bytes: Uint8Array, tag: number): Uint8Array | null => {
  const elements = readDer(bytes);
  return elements?.length === 1 && elements[0]?.tag === tag ? elements[0].content : null;
};

/** Writes one element around the joined contents; at most 65 535 bytes. */
export const writeDer = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const content = concatBytes(...contents);
  const { length } = content;
  if (length > 0xffff) throw new RangeError('A DER element here has at most 65535 bytes.');
  const prefix = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.of(tag, ...prefix), content);
};

/** An unsigned integer, big-endian, as DER INTEGER: no superfluous zeros, a leading zero before a set top bit. */
export const writeUnsigned = (magnitude: Uint8Array): Uint8Array => {
  let from = 0;
  while (from < magnitude.length - 1 && magnitude[from] === 0) from += 1;
  const trimmed = magnitude.subarray(from);
  const needsZero = ((trimmed[0] ?? 0x80) & 0x80) !== 0;
  return writeDer(DER_INTEGER, needsZero ? concatBytes(Uint8Array.of(0), trimmed) : trimmed);
};

/** Magnitude of a DER INTEGER's content; null when it is negative, empty or not minimal. */
export const unsignedMagnitude = (content: Uint8Array): Uint8Array | null => {
  const [first, second] = content;
  if (first === undefined || (first & 0x80) !== 0) return null;
  if (first !== 0 || content.length === 1) return content;
  return ((second ?? 0) & 0x80) !== 0 ? content.subarray(1) : null;
};

const readHeader = (bytes: Uint8Array, at: number): { tag: number; start: number; end: number } | null => {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count < 1 || count > 3) return null;
  let length = 0;
  for (let i = 0; i < count; i++) {
    const byte = bytes[at + 2 + i];
    if (byte === undefined) return null;
    length = length * 256 + byte;
  }
  const isMinimal = count === 1 ? length >= 0x80 : length >= 256 ** (count - 1);
  return isMinimal ? { tag, start: at + 2 + count, end: at + 2 + count + length } : null;
};
