import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';
import { EMPTY_FRONTIER, extendFrontier, frontierRoot, leafHash } from './merkle';
import { placeOf, planInclusion, proofOf, verifyInclusion } from './merkle-proofs';

/** How far a node has checked and stored one ledger: its last entry and the root over everything up to it (lower-case hex). */
export type OrgHead = { readonly orgId: string; readonly seq: number; readonly root: string };

/** What a node signs while nothing else is to be signed: one root over its heads of all organisations. `at` is unix ms. */
export type Heartbeat = { readonly at: number; readonly root: string };

/** A heartbeat with the heads under its root, in order of `orgId`, as the node gave them out. */
export type SignedHeartbeat = Heartbeat & {
  readonly node: number;
  readonly heads: readonly OrgHead[];
  readonly signature: string;
};

/** One head of a heartbeat with its way to the root: shows a node's signed word about one organisation and tells of no other. */
export type SignedHead = Heartbeat & {
  readonly node: number;
  readonly signature: string;
  readonly head: OrgHead;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
};

/** The 32 bytes a node signs with its Ed25519 identity key. */
export const heartbeatHash = ({ at, root }: Heartbeat): Uint8Array =>
  hashParts('countersign/heartbeat/1', root, String(at));

const leafBytes = ({ orgId, seq, root }: OrgHead): Uint8Array => canonicalBytes({ orgId, root, seq } satisfies Json);

/** In the one order in which heads are hashed. */
export const inOrder = (heads: readonly OrgHead[]): OrgHead[] =>
  [...heads].sort((a, b) => (a.orgId < b.orgId ? -1 : a.orgId > b.orgId ? 1 : 0));

/** Where what a node holds differs from the heads it was shown: its own head, or none of a ledger it does not follow. */
export type HeadDifferences = { readonly without: readonly string[]; readonly instead: readonly OrgHead[] };

/** The heads a node signed: those it was shown, but for the differences. */
export const headsWith = (shown: readonly OrgHead[], { without, instead }: HeadDifferences): OrgHead[] => {
  const left = new Set([...without, ...instead.map(({ orgId }) => orgId)]);
  return inOrder([...shown.filter(({ orgId }) => !left.has(orgId)), ...instead]);
};

/** RFC 6962 root over the heads, lower-case hex, or null when they are not in order or name an organisation twice. */
export const heartbeatRoot = (heads: readonly OrgHead[]): string | null => {
  if (heads.some((head, i) => i > 0 && head.orgId <= (heads[i - 1]?.orgId ?? ''))) return null;
  return frontierRoot(
    heads.reduce((frontier, head) => extendFrontier(frontier, leafBytes(head)).frontier, EMPTY_FRONTIER),
  );
};

/** The head of one organisation out of a heartbeat, or null when it is not under it. */
export const signedHeadOf = (beat: SignedHeartbeat, orgId: string): SignedHead | null => {
  const index = beat.heads.findIndex((head) => head.orgId === orgId);
  const head = beat.heads[index];
  if (!head) return null;
  let frontier = EMPTY_FRONTIER;
  const rows = beat.heads.map((one) => {
    const extended = extendFrontier(frontier, leafBytes(one));
    frontier = extended.frontier;
    return extended.completed;
  });
  const path = proofOf(planInclusion(index, rows.length), (subtree) => {
    const { seq, position } = placeOf(subtree);
    return rows[seq]?.[position] as Uint8Array;
  });
  const { node, at, root, signature } = beat;
  return { node, at, root, signature, head, index, size: rows.length, path };
};

/** Whether the node with that Ed25519 key (hex) signed the head. */
export const verifySignedHead = (
  signed: SignedHead,
  signingKey: string,
  verifyEd25519: (publicKey: string, message: Uint8Array, signature: string) => boolean,
): boolean =>
  verifyInclusion({
    seq: signed.index,
    size: signed.size,
    leaf: bytesToHex(leafHash(leafBytes(signed.head))),
    root: signed.root,
    path: signed.path,
  }) && verifyEd25519(signingKey, heartbeatHash(signed), signed.signature);
