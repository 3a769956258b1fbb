import type { PartyId, RandomSource, WithheldProtocol } from '../protocol';
import type { KeyShare } from './key-share';
import type { PairState } from './pair-state';

export type SigningInput = {
  share: KeyShare;
  /** One READY set-up per other participant. */
  pairs: ReadonlyMap<PartyId, PairState>;
  /** 32 bytes, fixed before round 1. */
  digest: Uint8Array;
  /** Exactly `threshold` parties of the key, sorted and distinct, with this party among them. */
  participants: readonly PartyId[];
  /** 32 bytes, never used before. */
  ceremonyId: Uint8Array;
  random: RandomSource;
};

/** An ECDSA signature in low-s form, verified under the public key before anybody sees it. */
export type EcdsaSignature = {
  /** `0x` and 64 hex digits. */
  r: string;
  /** `0x` and 64 hex digits, at most q/2. */
  s: string;
  recid: 0 | 1;
};

export type SigningProtocol = WithheldProtocol<EcdsaSignature>;

export const createSigning = (_input: SigningInput): SigningProtocol => {
  throw new Error('Signing is being written.');
};
