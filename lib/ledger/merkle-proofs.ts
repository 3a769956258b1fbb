import { bytesToHex, hexToBytes } from '@/lib/domain/hash';
import { nodeHash } from './merkle';

/** A full subtree: its level (0 is a leaf) and its place among those of that level. It covers 2^level entries. */
export type Subtree = { readonly level: number; readonly index: number };

/** Entries from `start` up to and without `end`, which is what one hash of a proof stands for. */
type Range = { readonly start: number; readonly end: number };

/** Which hashes make up a proof: one list of full subtrees, largest first, for each hash. */
export type ProofPlan = readonly (readonly Subtree[])[];

/** The entry whose row holds the subtree's hash, and which of the hashes there it is. */
export const placeOf = ({ level, index }: Subtree): { readonly seq: number; readonly position: number } => ({
  seq: (index + 1) * 2 ** level - 1,
  position: level,
});

/** Largest power of two below `size`; `size` is at least 2. */
const splitOf = (size: number): number => {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
};

/** Full subtrees a range consists of, largest first. A range of a proof begins at a multiple of any power of two it holds. */
const subtreesOf = ({ start, end }: Range): Subtree[] => {
  const subtrees: Subtree[] = [];
  for (let from = start; from < end; ) {
    let level = 0;
    while (from + 2 ** (level + 1) <= end && from % 2 ** (level + 1) === 0) level += 1;
    subtrees.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return subtrees;
};

/** The hashes that prove entry `seq` in the tree of the first `size` entries (RFC 6962 §2.1.1). @throws {RangeError} */
export const planInclusion = (seq: number, size: number): ProofPlan => {
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(size) || seq < 0 || seq >= size)
    throw new RangeError(`Entry ${seq} is not in a tree of ${size} entries.`);
  const path: Range[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + splitOf(end - start);
    if (seq < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse().map(subtreesOf);
};

/** The hashes that prove that the tree of `size` entries begins with that of `first` (RFC 6962 §2.1.2). @throws {RangeError} */
export const planConsistency = (first: number, size: number): ProofPlan => {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(size) || first < 1 || first > size)
    throw new RangeError(`A tree of ${size} entries does not begin with one of ${first}.`);
  const path: Range[] = [];
  let start = 0;
  let end = size;
  while (first < end) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  // What is left is a subtree of both; the whole first tree is known to whoever asks.
  if (start > 0) path.push({ start, end });
  return path.reverse().map(subtreesOf);
};

/** The proof, hex. `hashOf` gives the hash of a full subtree. */
export const proofOf = (plan: ProofPlan, hashOf: (subtree: Subtree) => Uint8Array): string[] =>
  plan.map((subtrees) => {
    const [last, ...rest] = subtrees.map(hashOf).reverse();
    if (!last) throw new RangeError('A proof has no empty parts.');
    return bytesToHex(rest.reduce((right, left) => nodeHash(left, right), last));
  });

const HASH = /^[0-9a-f]{64}$/;
const isNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** What a proof says. Hashes are lower-case hex; `leaf` is the RFC 6962 leaf hash of the entry's canonical bytes. */
export type Inclusion = {
  readonly seq: number;
  readonly size: number;
  readonly leaf: string;
  readonly root: string;
  readonly path: readonly string[];
};

/** Whether the path leads from the leaf to the root (RFC 9162 §2.1.3.2). */
export const verifyInclusion = ({ seq, size, leaf, root, path }: Inclusion): boolean => {
  if (!isNumber(seq) || !isNumber(size) || seq >= size || ![leaf, root, ...path].every((hash) => HASH.test(hash)))
    return false;
  let at = seq;
  let last = size - 1;
  let node: Uint8Array = hexToBytes(leaf);
  for (const hex of path) {
    if (last === 0) return false;
    const sibling = hexToBytes(hex);
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      while (at % 2 === 0 && at !== 0) {
        at = at / 2;
        last = Math.floor(last / 2);
      }
    } else node = nodeHash(node, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && bytesToHex(node) === root;
};

/** Roots over the first `first` and the first `size` entries. */
export type Consistency = {
  readonly first: number;
  readonly size: number;
  readonly firstRoot: string;
  readonly root: string;
  readonly path: readonly string[];
};

/** Whether the larger tree begins with the smaller (RFC 9162 §2.1.4.2). */
export const verifyConsistency = ({ first, size, firstRoot, root, path }: Consistency): boolean => {
  if (!isNumber(first) || !isNumber(size) || first < 1 || first > size) return false;
  if (![firstRoot, root, ...path].every((hash) => HASH.test(hash))) return false;
  if (first === size) return path.length === 0 && firstRoot === root;
  let at = first - 1;
  let last = size - 1;
  while (at % 2 === 1) {
    at = (at - 1) / 2;
    last = Math.floor(last / 2);
  }
  // The smaller tree is one full subtree exactly when nothing is left of its last index.
  const [start, ...rest] = at === 0 ? [firstRoot, ...path] : path;
  if (start === undefined) return false;
  let old: Uint8Array = hexToBytes(start);
  let now: Uint8Array = old;
  for (const hex of rest) {
    if (last === 0) return false;
    const sibling = hexToBytes(hex);
    if (at % 2 === 1 || at === last) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (at % 2 === 0 && at !== 0) {
        at = at / 2;
        last = Math.floor(last / 2);
      }
    } else now = nodeHash(now, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && bytesToHex(old) === firstRoot && bytesToHex(now) === root;
};
