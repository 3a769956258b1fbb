import type { Intent } from '@/lib/chain/adapter';
import { type Outcome, type Refusal, refused } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import type { BroadcastActivity, BroadcastWallet } from './ports';

/** The request that is prepared. */
export type PrepareInput = {
  readonly orgId: string;
  readonly activity: BroadcastActivity;
  readonly wallet: BroadcastWallet;
  readonly intent: Intent;
};

/** What the signer nodes are asked to sign. Hex without prefix. */
export type Prepared = {
  readonly unsigned: string;
  readonly digest: string;
  readonly pin: Pin;
  readonly attempt: number;
};

/** Why there is nothing to sign. Final: trying again by itself can't help, the request fails; else it is looked at again later. */
export type Unprepared = { readonly ok: false; readonly refusal: Refusal; readonly isFinal: boolean };

/** A part of the preparation, or all of it. */
export type Preparation<T = Prepared> = { readonly ok: true; readonly value: T } | Unprepared;

/** What could be prepared. */
export const prepared = <T>(value: T): Preparation<T> => ({ ok: true, value });

/** Refuses for good, e.g. what the wallet can't pay or the chain would revert. */
export const refusedForGood = (...refusal: Parameters<typeof refused>): Unprepared => ({
  ...refused(...refusal),
  isFinal: true,
});

/** Refuses for now, e.g. while the network can't be reached or another request has to end first. */
export const refusedForNow = (...refusal: Parameters<typeof refused>): Unprepared => ({
  ...refused(...refusal),
  isFinal: false,
});

/** The outcome of a pure rule: asked again it says the same. */
export const asRuled = <T>(outcome: Outcome<T>): Preparation<T> =>
  outcome.ok ? outcome : { ...outcome, isFinal: true };
