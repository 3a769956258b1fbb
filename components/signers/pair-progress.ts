import type { SignerNode } from '@/lib/client/shapes';

/** Pairs of nodes that can sign together, and all of them. */
export const pairProgress = (nodes: readonly SignerNode[]): { readonly ready: number; readonly all: number } => {
  const pairs = nodes.flatMap((node) => node.pairs.filter((pair) => pair.peer > node.node));
  return { ready: pairs.filter((pair) => pair.state === 'ready').length, all: (nodes.length * (nodes.length - 1)) / 2 };
};
