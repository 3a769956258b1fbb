import { entryHash, NO_PREVIOUS } from './entry';
import { appendToFrontier, EMPTY_FRONTIER, frontierRoot } from './merkle';

/** How far stored bytes form one chain: its end and root, or the first place where they don't. Hashes are lower-case hex. */
export type ChainVerdict =
  | { readonly kind: 'whole'; readonly size: number; readonly hash: string; readonly root: string }
  | { readonly kind: 'broken'; readonly seq: number; readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

const readPlace = (bytes: Uint8Array): { readonly seq?: unknown; readonly prev?: unknown } | null => {
  try {
    return JSON.parse(decoder.decode(bytes)) as { seq?: unknown; prev?: unknown } | null;
  } catch {
    return null;
  }
};

/** Checks places, links and root over canonical bytes as they are stored. What the entries mean is for replay to say. */
export const verifyChain = (stored: Iterable<Uint8Array>): ChainVerdict => {
  let frontier = EMPTY_FRONTIER;
  let hash = NO_PREVIOUS;
  for (const bytes of stored) {
    const seq = frontier.size;
    const entry = readPlace(bytes);
    if (!entry) return { kind: 'broken', seq, reason: 'The entry is not JSON.' };
    if (entry.seq !== seq) return { kind: 'broken', seq, reason: `Entry ${seq} says it is ${String(entry?.seq)}.` };
    if (entry.prev !== hash) return { kind: 'broken', seq, reason: `Entry ${seq} does not follow the one before.` };
    hash = entryHash(bytes);
    frontier = appendToFrontier(frontier, bytes);
  }
  return { kind: 'whole', size: frontier.size, hash, root: frontierRoot(frontier) };
};
