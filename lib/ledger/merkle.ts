import { bytesToHex, concatBytes, sha256 } from '@/lib/domain/hash';

/**
 * Merkle tree hash of RFC 6962 §2.1, kept as its frontier: the roots of the full subtrees, largest first. Appending costs
 * O(log n); a root over n leaves needs no more than the frontier.
 */
export type Frontier = { readonly size: number; readonly nodes: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] };

export const leafHash = (bytes: Uint8Array): Uint8Array => sha256(concatBytes(Uint8Array.of(0), bytes));

/** Hash of an inner node over its children's hashes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes(Uint8Array.of(1), left, right));

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
