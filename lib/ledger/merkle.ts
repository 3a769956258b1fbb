import { bytesToHex, concatBytes, sha256 } from '@/lib/domain/hash';

/**
 * Merkle tree hash of RFC 6962 §2.1, kept as its frontier: the roots of the full subtrees, largest first. Appending costs
 * O(log n); a root over n leaves needs no more than the frontier.
 */
export type Frontier = { readonly size: number; readonly nodes: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] };

export const leafHash = (bytes: Uint8Array): Uint8Array => sha256(concatBytes(Uint8Array.of(0), bytes));

const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes(Uint8Array.of(1), left, right));

/** The frontier after one more entry's canonical bytes. */
export const appendToFrontier = (frontier: Frontier, bytes: Uint8Array): Frontier => {
  const nodes = [...frontier.nodes];
  let node = leafHash(bytes);
  for (let size = frontier.size; size % 2 === 1; size = (size - 1) / 2)
    node = nodeHash(nodes.pop() as Uint8Array, node);
  nodes.push(node);
  return { size: frontier.size + 1, nodes };
};

/** Root over all entries of the frontier, lower-case hex; of no entries the hash of nothing (RFC 6962). */
export const frontierRoot = (frontier: Frontier): string => {
  const [last, ...rest] = [...frontier.nodes].reverse();
  if (!last) return bytesToHex(sha256(new Uint8Array(0)));
  return bytesToHex(rest.reduce((right, left) => nodeHash(left, right), last));
};
