import { utf8ToBytes } from './hash';

/** A JSON document: what the ledger stores and hashes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Serialises a JSON document by RFC 8785 (JCS): members sorted by UTF-16 code units, no white space.
 * Members whose value is `undefined` are left out.
 * @throws {TypeError} for a number that is not finite, a lone surrogate, or anything that is not JSON.
 */
export const canonicalJson = (value: Json | undefined): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('Canonical JSON holds finite numbers only.');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('Canonical JSON holds well-formed text only.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const object = value as { readonly [key: string]: Json | undefined };
    const members = Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .sort()
      .map((key) => `${canonicalJson(key)}:${canonicalJson(object[key])}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`Canonical JSON can't hold ${typeof value}.`);
};

/** UTF-8 bytes of the canonical form. */
export const canonicalBytes = (value: Json): Uint8Array => utf8ToBytes(canonicalJson(value));

/** Deepest nesting of arrays and objects that is accepted, here and in requests. */
export const MAX_DEPTH = 64;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the members of every object stand in canonical order, and nothing is nested too deeply. */
const isSorted = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  let previous: string | null = null;
  for (const [key, member] of Object.entries(value)) {
    if (previous !== null && key <= previous) return false;
    previous = key;
    if (!isSorted(member, depth + 1)) return false;
  }
  return true;
};

const isShallow = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth <= MAX_DEPTH && Object.values(value).every((item) => isShallow(item, depth + 1)));

/**
 * Reads a document that must be in its canonical form, at most 64 levels deep: what it means can't depend on the reader, for there is
 * only one text of each meaning. @returns undefined for any other bytes.
 */
export const readCanonicalJson = (bytes: Uint8Array): Json | undefined => {
  try {
    const text = decoder.decode(bytes);
    const value = JSON.parse(text) as Json;
    // The runtime writes members in the order they were read, numbers and text as RFC 8785 does, but for lone surrogates and for member
    // names that are array indexes: those take the long way.
    if (isSorted(value, 1) && JSON.stringify(value) === text && !/\\u[dD][89a-fA-F]/.test(text)) return value;
    return isShallow(value, 1) && canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
};
