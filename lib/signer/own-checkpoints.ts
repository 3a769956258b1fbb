import { type Checkpoint, checkpointHash } from '@/lib/evidence/checkpoint';
import type { NodeSignature } from '@/lib/ledger/entry';
import { verifyEd25519 } from '@/lib/transport/keys';
import type { Store } from './store';

export type OwnCheckpointsDeps = {
  readonly node: number;
  /** This node's own identity key, hex. */
  readonly ownKey: string;
  readonly store: Store;
};

/**
 * Whether a checkpoint entry bears this node's signature although its store has signed none so late: then the store is an old copy.
 * The newest checkpoint signed stays in the store for good (`witness.ts`), so one that was forgotten in the course of things is older.
 * Every ceremony rests on a checkpoint that all participants signed: whoever took part since the copy is in the ledger with it.
 */
export const isForgottenCheckpoint = (
  checkpoint: Checkpoint,
  signatures: readonly NodeSignature[],
  { node, ownKey, store }: OwnCheckpointsDeps,
): boolean => {
  const own = signatures.filter((signature) => signature.node === node);
  if (own.length === 0) return false;
  const last = store.get('SELECT MAX(at) AS at FROM witnessed WHERE org = ?', checkpoint.orgId)?.at;
  if (typeof last === 'number' && checkpoint.at <= last) return false;
  return own.some(({ signature }) => verifyEd25519(ownKey, checkpointHash(checkpoint), signature));
};
