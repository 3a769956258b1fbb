import type { Directory } from './directory';
import type { Quorum } from './ports';

export type Candidate = { readonly node: number; readonly latencyMs: number; readonly busy: number };

/**
 * Chooses k nodes among the candidates of which every two share a READY pair set-up; `avoid` only when it can't be done without.
 * Less busy and quicker nodes come first, and `turn` rotates among equals.
 * @returns sorted node numbers, or null when no k candidates fit together.
 */
export const chooseParticipants = (
  candidates: readonly Candidate[],
  options: {
    readonly quorum: Quorum;
    readonly avoid: ReadonlySet<number>;
    readonly turn: number;
    readonly fits: (a: number, b: number) => boolean;
  },
): readonly number[] | null => {
  const { quorum, avoid, turn, fits } = options;
  const place = ({ node }: Candidate): number => (node + turn) % (quorum.n + 1);
  // 20 ms steps: on one machine all nodes are equal and take turns, a far one is used when it is needed.
  const slowness = ({ latencyMs, busy }: Candidate): number =>
    1_000 * busy + Math.floor(Math.min(latencyMs, 60_000) / 20);
  const sorted = [...candidates]
    .sort((a, b) => slowness(a) - slowness(b) || place(a) - place(b))
    .map(({ node }) => node);
  const search = (from: readonly number[], chosen: readonly number[]): readonly number[] | null => {
    if (chosen.length === quorum.k) return chosen;
    for (const [i, node] of from.entries()) {
      if (!chosen.every((other) => fits(node, other))) continue;
      const found = search(from.slice(i + 1), [...chosen, node]);
      if (found) return found;
    }
    return null;
  };
  const found =
    search(
      sorted.filter((node) => !avoid.has(node)),
      [],
    ) ?? search(sorted, []);
  return found && [...found].sort((a, b) => a - b);
};

/** Whether a node is able to take part in ceremonies of the organisation. */
export const isAble = (directory: Directory, node: number, orgId: string): boolean => {
  const status = directory.status(node);
  if (!status?.selfTest || status.quarantined) return false;
  if (status.frozen?.all || status.frozen?.orgIds.includes(orgId)) return false;
  return !status.stopped.some((stopped) => stopped.orgId === orgId);
};
