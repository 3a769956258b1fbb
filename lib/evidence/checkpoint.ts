import { hashParts } from '@/lib/domain/hash';

/** A statement about a ledger: a node that signs it has checked and stored everything up to `seq`. `at` is unix ms. */
export type Checkpoint = { readonly orgId: string; readonly seq: number; readonly root: string; readonly at: number };

/** The 32 bytes a node signs with its Ed25519 identity key. */
export const checkpointHash = (checkpoint: Checkpoint): Uint8Array =>
  hashParts(
    'countersign/checkpoint/1',
    checkpoint.orgId,
    String(checkpoint.seq),
    checkpoint.root,
    String(checkpoint.at),
  );

/** The 32 bytes a node signs when it promises to release nothing for an activity, ever. */
export const abandonHash = (orgId: string, activityId: string): Uint8Array =>
  hashParts('countersign/abandon/1', orgId, activityId);

/** The 32 bytes the oracle signs. `usd` is a decimal string per whole unit, `at` unix ms, `asset` 'native' or a lower-case contract. */
export type SignedPrice = {
  readonly network: string;
  readonly asset: string;
  readonly decimals: number;
  readonly usd: string;
  readonly at: number;
  readonly oracleKey: string;
  readonly signature: string;
};
export const priceHash = (price: Omit<SignedPrice, 'signature' | 'oracleKey'>): Uint8Array =>
  hashParts('countersign/price/1', price.network, price.asset, String(price.decimals), price.usd, String(price.at));
