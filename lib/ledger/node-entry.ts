import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { notFound } from './checks';
import type { Decided } from './decision';
import type { Leaf, NodeSignature } from './entry';
import { certificatesInForce } from './nodes';
import type { LedgerPorts } from './ports';
import type { ActivityRecord, Change } from './records';
import { find, type OrgState } from './state';

/** An entry without a user's statement, with its parsed body and counted time. */
export type NodeEntryInput = {
  readonly state: OrgState;
  readonly leaf: Leaf;
  readonly body: { readonly [key: string]: unknown };
  readonly at: number;
  readonly ports: LedgerPorts;
  /** Merkle root over entries 0…seq, or null when the state doesn't reach that far. */
  readonly rootAt: (seq: number) => string | null;
  /** Place in the chain of the recovery that brought a credential, or null; asked by checkpoints alone. */
  readonly placeOf: (credentialId: string) => number | null;
};

/** Refuses an entry whose body lacks what its kind needs. */
export const malformed = (what: string) => refused(400, 'ledger.malformed', `The ${what} entry is malformed.`);
/** The value as text, or null. */
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
/** Accepts an entry and names the record it was about. */
export const done = (changes: Change[], kind: Decided['result']['kind'], id: string): Outcome<Decided> =>
  accepted({ changes, result: { kind, id }, status: 200 });

/** Distinct nodes whose signatures over the hash hold under the certificates in force at this entry. */
export const signersOf = (input: NodeEntryInput, hash: Uint8Array): Set<number> => {
  const nodes = certificatesInForce(input.state);
  const valid = (signature: NodeSignature) => {
    const node = nodes.find((item) => item.node === signature.node);
    return node !== undefined && input.ports.verifyEd25519(node.signingKey, hash, signature.signature);
  };
  return new Set((input.leaf.nodeSignatures ?? []).filter(valid).map((signature) => signature.node));
};

/** The activity the body names. */
export const activityOf = (input: NodeEntryInput): Outcome<ActivityRecord> => {
  const id = text(input.body.activityId) ?? '';
  const activity = find(input.state, 'activity', id);
  return activity ? accepted(activity) : notFound('activity', 'activityId', id);
};
