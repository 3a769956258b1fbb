import { EMPTY_FRONTIER, extendFrontier } from '../merkle';
import { planConsistency, proofOf } from '../merkle-proofs';
import { emptyReplica, extendReplica, rootAt } from '../replay';
import { type ShownTestimony, type Testimony, testimonyHash } from '../testimony';
import type { Chain } from './chain';
import { TEST_PORTS } from './ports';

type Told = Pick<Chain, 'orgId' | 'items' | 'signatures'>;

/** What a node that verifies everything finds of the first `count` entries. */
export const testimonyOf = (world: Told, count = world.items.length): Testimony => {
  const replica = emptyReplica(world.orgId);
  const voids: number[] = [];
  for (const { bytes, body } of world.items.slice(0, count)) {
    const extension = extendReplica(replica, bytes, body, TEST_PORTS);
    if (extension.kind === 'void') voids.push(extension.entry.seq);
  }
  const seq = count - 1;
  return { orgId: world.orgId, seq, root: rootAt(replica, seq) ?? '', voids };
};

/** Proves of a ledger that up to an entry it begins with what it is up to an earlier one. */
const prover = (world: Told): ((from: number, to: number) => string[]) => {
  let frontier = EMPTY_FRONTIER;
  const rows = world.items.map(({ bytes }) => {
    const extended = extendFrontier(frontier, bytes);
    frontier = extended.frontier;
    return extended.completed;
  });
  return (from, to) =>
    proofOf(
      planConsistency(from + 1, to + 1),
      ({ level, index }) => rows[(index + 1) * 2 ** level - 1]?.[level] as Uint8Array,
    );
};

/** What a server shows with entries that end somewhere: what those nodes signed, with the proof for that end. */
export const showing = (
  world: Told,
  { said = testimonyOf(world), by = [2, 3, 4] }: { readonly said?: Testimony; readonly by?: readonly number[] } = {},
): ((upTo: number) => ShownTestimony) => {
  const prove = prover(world);
  const { seq, root, voids } = said;
  const signatures = world.signatures(testimonyHash(said), by);
  return (upTo) => ({ seq, root, voids, signatures, path: upTo <= seq ? prove(upTo, seq) : [] });
};
