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
