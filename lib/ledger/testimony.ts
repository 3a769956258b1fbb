import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';
import type { NodeSignature } from './entry';
import { appendToFrontier, frontierRoot } from './merkle';
import { verifyConsistency } from './merkle-proofs';
import { certificatesInForce } from './nodes';
import type { LedgerPorts } from './ports';
import type { Replica } from './replay';
import { all } from './state';

/**
 * What a node says of a ledger it has replayed: the root over entries 0…seq, and which of them are void, ascending. Every other entry
 * held, with every signature that it rests on.
 */
export type Testimony = {
  readonly orgId: string;
  readonly seq: number;
  readonly root: string;
  readonly voids: readonly number[];
};

/** A testimony with the nodes that signed it, and the proof that the tree up to its `seq` begins with that of fewer entries. */
export type ShownTestimony = Omit<Testimony, 'orgId'> & {
  readonly signatures: readonly NodeSignature[];
  /** Consistency proof (RFC 6962) from the last entry it is shown with, hex. */
  readonly path: readonly string[];
};

/** A node with more void entries than that gives none: a server that fills a ledger with them wins nothing by it. */
export const MOST_VOIDS = 1000;

/** The 32 bytes a node signs with its Ed25519 identity key. Organisation, place and root are in it: it says nothing of any other ledger. */
export const testimonyHash = ({ orgId, seq, root, voids }: Testimony): Uint8Array =>
  hashParts('countersign/testimony/1', orgId, String(seq), root, canonicalBytes(voids satisfies Json));

/** Entry bytes at their places, in order. */
type Placed = { readonly seq: number; readonly bytes: Uint8Array };

/**
 * Whether k nodes in force at the replica's head testified of a ledger that begins with the replica's entries and then exactly these.
 * The entries may be replayed with the outcomes told, for at least one of the k is honest and has verified what they rest on.
 */
export const isTestifiedTo = (
  replica: Replica,
  entries: readonly Placed[],
  shown: ShownTestimony,
  { verifyEd25519 }: Pick<LedgerPorts, 'verifyEd25519'>,
): boolean => {
  const org = all(replica.state, 'org')[0];
  const last = entries.at(-1);
  if (!org || !replica.head || !last || last.seq > shown.seq) return false;
  if (shown.voids.some((seq, i) => i > 0 && seq <= (shown.voids[i - 1] ?? 0))) return false;
  const hash = testimonyHash({ orgId: replica.orgId, seq: shown.seq, root: shown.root, voids: shown.voids });
  // SECURITY: a key counts that is in force as far as this node has got. One that came later waits until its entry has been replayed.
  const nodes = certificatesInForce(replica.state);
  const signers = shown.signatures.filter(({ node, signature }) => {
    const certificate = nodes.find((one) => one.node === node);
    return certificate !== undefined && verifyEd25519(certificate.signingKey, hash, signature);
  });
  if (new Set(signers.map(({ node }) => node)).size < org.genesis.k) return false;
  let { frontier } = replica;
  for (const { seq, bytes } of entries) {
    if (seq !== frontier.size) return false;
    frontier = appendToFrontier(frontier, bytes);
  }
  const { path, root } = shown;
  return verifyConsistency({
    first: frontier.size,
    size: shown.seq + 1,
    firstRoot: frontierRoot(frontier),
    root,
    path,
  });
};

/**
 * The ports for an entry that held by a testimony: the signatures of credentials and of wallet keys are not verified again. Those of
 * nodes and of the price oracle are: what follows from one that does not verify is not always a void entry.
 */
export const testifiedPorts = (ports: LedgerPorts): LedgerPorts => ({
  ...ports,
  verifyCredential: () => true,
  verifyEcdsa: () => true,
});

/** Text by which two testimonies are the same. */
export const testimonyName = (testimony: Testimony): string => bytesToHex(testimonyHash(testimony));
