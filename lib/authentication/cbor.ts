/** What the CBOR of an authenticator holds (CTAP2 canonical form, RFC 8949). */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

const MAX_DEPTH = 8;

/**
 * Reads the first item of `bytes`: integers up to 2^53, byte and text strings, arrays, maps, true, false, null.
 * Indefinite lengths, tags, floats, duplicate keys and nesting beyond 8 are refused.
 * @returns the item and the offset behind it, or null.
 */
export const readCbor = (bytes: Uint8Array): { readonly value: Cbor; readonly end: number } | null => {
  const cursor = { bytes, at: 0 };
  try {
    return { value: readItem(cursor, 0), end: cursor.at };
  } catch (error) {
    if (error instanceof CborError) return null;
    throw error;
  }
};

export const isCborMap = (value: Cbor | undefined): value is CborMap => value instanceof Map;

type Cursor = { readonly bytes: Uint8Array; at: number };

class CborError extends Error {}

const take = (cursor: Cursor, length: number): Uint8Array => {
  if (length > cursor.bytes.length - cursor.at) throw new CborError('The item ends too early.');
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
};

const readArgument = (cursor: Cursor, info: number): number => {
  if (info < 24) return info;
  if (info > 27) throw new CborError('Indefinite lengths are not canonical.');
  const value = take(cursor, 2 ** (info - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
  if (!Number.isSafeInteger(value)) throw new CborError('The integer is too large.');
  return value;
};

const readItem = (cursor: Cursor, depth: number): Cbor => {
  if (depth > MAX_DEPTH) throw new CborError('The item is nested too deep.');
  const initial = take(cursor, 1)[0] ?? 0;
  const info = initial & 0x1f;
  switch (initial >> 5) {
    case 0:
      return readArgument(cursor, info);
    case 1:
      return -1 - readArgument(cursor, info);
    case 2:
      return take(cursor, readArgument(cursor, info));
    case 3:
      return readText(take(cursor, readArgument(cursor, info)));
    case 4:
      return readArray(cursor, readArgument(cursor, info), depth);
    case 5:
      return readMap(cursor, readArgument(cursor, info), depth);
    case 7:
      return readSimple(info);
    default:
      throw new CborError('Tags are not part of an attestation.');
  }
};

const readSimple = (info: number): boolean | null => {
  if (info === 20 || info === 21) return info === 21;
  if (info === 22) return null;
  throw new CborError('The simple value is unknown.');
};

const readText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CborError('The text is not UTF-8.', { cause });
  }
};

const readArray = (cursor: Cursor, length: number, depth: number): Cbor[] => {
  if (length > cursor.bytes.length) throw new CborError('The array is longer than the document.');
  return Array.from({ length }, () => readItem(cursor, depth + 1));
};

const readMap = (cursor: Cursor, size: number, depth: number): CborMap => {
  const map = new Map<number | string, Cbor>();
  for (let i = 0; i < size; i++) {
    const key = readItem(cursor, depth + 1);
    if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key))
      throw new CborError('The map key is not unique.');
    map.set(key, readItem(cursor, depth + 1));
  }
  return map;
};
