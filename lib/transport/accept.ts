import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts, hexToBytes } from '@/lib/domain/hash';
import type { RequestBundle } from '@/lib/evidence/bundle';

/** A node's agreement to take part in one attempt, signed with its identity key. Hashes are lower-case hex. */
export type Accept = {
  readonly v: 1;
  readonly node: number;
  readonly bundleHash: string;
  readonly digest: string;
  /** 32 fresh bytes of this node, hex. */
  readonly nonce: string;
  /** The node's head when it accepted: heads of participants must be prefixes of each other. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Raised durably for every ceremony; a peer refuses one it has seen (specification 7.4, rule 5). */
  readonly counter: number;
  /** Per peer: epochs of the READY pair set-ups with it, highest first. */
  readonly pairs: { readonly [peer: string]: readonly number[] };
};
export type SignedAccept = { readonly accept: Accept; readonly signature: string };

export const bundleHash = (bundle: RequestBundle): string =>
  bytesToHex(hashParts('countersign/bundle/1', canonicalBytes(bundle as unknown as Json)));

/** The 32 bytes a node signs. */
export const acceptHash = (accept: Accept): Uint8Array =>
  hashParts('countersign/accept/1', canonicalBytes(accept as unknown as Json));

/** Id of a signing ceremony: bound to the bundle and to a nonce of every participant, in order of node (specification 4.2). */
export const signingCeremonyId = (hash: string, accepts: readonly Accept[]): string =>
  bytesToHex(
    hashParts(
      'dkls23-ts/1/secp256k1/ceremony',
      hexToBytes(hash),
      ...[...accepts].sort((a, b) => a.node - b.node).map((accept) => hexToBytes(accept.nonce)),
    ),
  );

/** The highest epoch both nodes hold READY, or null. */
export const commonPairEpoch = (a: Accept, b: Accept): number | null => {
  const theirs = new Set(b.pairs[String(a.node)] ?? []);
  const common = (a.pairs[String(b.node)] ?? []).filter((epoch) => theirs.has(epoch));
  return common.length > 0 ? Math.max(...common) : null;
};
