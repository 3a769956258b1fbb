import type { Assertion, Statement } from '@/lib/authentication/statement';
import { canonicalBytes, type Json, readCanonicalJson } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';

/**
 * The kinds of ledger entries. `userAction` covers every request that carries a statement and an assertion; which operation
 * it is follows from the statement's method and path.
 */
export const ENTRY_KINDS = [
  'genesis',
  'userAction',
  'registration',
  'credentialByCode',
  'recovery',
  'keyCertificate',
  'reserve',
  'release',
  'abandon',
  'expiry',
  'reopen',
  'reject',
  'broadcast',
  'screening',
  'incoming',
  'checkpoint',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A node's Ed25519 signature (hex) over what the entry kind says is signed. `node` is 1…n. */
export type NodeSignature = { readonly node: number; readonly signature: string };

/** Facts the server made: new ids, expiry, unsigned query flags, quotes. Replay checks them and computes outcomes itself. */
export type Effects = { readonly [key: string]: Json | undefined };

/** An entry before the sequencer gave it its place. `at` is unix milliseconds; `bodyHash` see `hashBody`. */
export type Leaf = {
  readonly v: 1;
  readonly at: number;
  readonly kind: EntryKind;
  readonly bodyHash: string;
  readonly effects: Effects;
  readonly statement?: Statement;
  readonly assertion?: Assertion;
  readonly nodeSignatures?: readonly NodeSignature[];
};

/** A chained entry. `seq` starts at 0; `prev` is the hash of the entry before it, 64 zeros for the first. */
export type Entry = Leaf & { readonly seq: number; readonly prev: string };

export const NO_PREVIOUS = '0'.repeat(64);

/** The bytes that are stored, hashed and sent: RFC 8785 of the entry. */
export const entryBytes = (entry: Entry): Uint8Array => canonicalBytes(entry as unknown as Json);

/** Reads an entry's stored bytes; null unless they are exactly the canonical form of one object. */
export const readEntry = (bytes: Uint8Array): Entry | null => {
  const value = readCanonicalJson(bytes);
  // Arrays pass: they have no `seq` that could fit.
  return typeof value === 'object' && value !== null ? (value as unknown as Entry) : null;
};

/** Hash of an entry's stored bytes, lower-case hex: what the next entry's `prev` holds. */
export const entryHash = (bytes: Uint8Array): string => bytesToHex(hashParts('countersign/entry/1', bytes));

/** Identity of an activity or change request: hash of its entry without `seq` and `prev` (design §4.1). */
export const activityDigest = (leaf: Leaf): string => {
  const { seq: _seq, prev: _prev, ...rest } = leaf as Entry;
  return bytesToHex(hashParts('countersign/activity/1', canonicalBytes(rest as unknown as Json)));
};
