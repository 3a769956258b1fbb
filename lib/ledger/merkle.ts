import { bytesToHex, sha256 } from '@/lib/domain/hash';

/**
 * Merkle tree hash of RFC 6962 §2.1, kept as its frontier: the roots of the full subtrees, largest first. Appending costs
 * O(log n); a root over n leaves needs no more than the frontier.
 */
export type Frontier = { readonly size: number; readonly nodes: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] };

export const leafHash = (bytes: Uint8Array): Uint8Array => {
  const tagged = new Uint8Array(1 + bytes.length);
  tagged.set(bytes, 1);
  return sha256(tagged);
};

/** Hash of an inner node over its children's hashes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const tagged = new Uint8Array(1 + left.length + right.length);
  tagged[0] = 1;
  tagged.set(left, 1);
  tagged.set(right, 1 + left.length);
  return sha256(tagged);
};

/**
 * The frontier after one more entry's canonical bytes, and the subtrees the entry completes, smallest first: its own leaf, then one for
 * each level. Every full subtree of the tree is completed by exactly one entry.
 */
export const extendFrontier = (
  frontier: Frontier,
  bytes: Uint8Array,
): { readonly frontier: Frontier; readonly completed: readonly Uint8Array[] } => {
  const nodes = [...frontier.nodes];
  let node = leafHash(bytes);
  const completed = [node];
  for (let size = frontier.size; size % 2 === 1; size = (size - 1) / 2) {
    node = nodeHash(nodes.pop() as Uint8Array, node);
    completed.push(node);
  }
  nodes.push(node);
  return { frontier: { size: frontier.size + 1, nodes }, completed };
};

/** The frontier after one more entry's canonical bytes. */
export const appendToFrontier = (frontier: Frontier, bytes: Uint8Array): Frontier =>
  extendFrontier(frontier, bytes).frontier;

/** Root over all entries of the frontier, lower-case hex; of no entries the hash of nothing (RFC 6962). */
export const frontierRoot = (frontier: Frontier): string => {
  const [last, ...rest] = [...frontier.nodes].reverse();
  if (!last) return bytesToHex(sha256(new Uint8Array(0)));
  return bytesToHex(rest.reduce((right, left) => nodeHash(left, right), last));
};

/**
 * Of each entry the root of the largest full subtree it completes (32 bytes). Every node of the tree's frontier, at any size, is one of
 * them: the frontier after any entry can be read instead of kept.
 */
export type Tops = { append(top: Uint8Array): void; at(seq: number): Uint8Array | null };

/** The frontier over the first `size` entries, or null when one of its nodes is not there. */
export const frontierOfTops = (tops: Pick<Tops, 'at'>, size: number): Frontier | null => {
  const nodes: Uint8Array[] = [];
  let covered = 0;
  for (let width = 2 ** Math.floor(Math.log2(Math.max(size, 1))); width >= 1; width /= 2) {
    if (covered + width > size) continue;
    covered += width;
    const node = tops.at(covered - 1);
    if (node === null) return null;
    nodes.push(node);
  }
  return { size, nodes };
};

/** Merkle root over the first `size` entries, lower-case hex, or null when they are not all there. */
export const rootOfTops = (tops: Pick<Tops, 'at'>, size: number): string | null => {
  const frontier = frontierOfTops(tops, size);
  return frontier && frontierRoot(frontier);
};

/** Tops in one growing block of memory. */
export const topsInMemory = (): Tops => {
  let block = new Uint8Array(32 * 64);
  let count = 0;
  return {
    append: (top) => {
      if (block.length === 32 * count) {
        const larger = new Uint8Array(2 * block.length);
        larger.set(block);
        block = larger;
      }
      block.set(top, 32 * count);
      count += 1;
    },
    at: (seq) => (seq >= 0 && seq < count ? block.slice(32 * seq, 32 * seq + 32) : null),
  };
};
