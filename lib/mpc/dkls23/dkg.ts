import type { VerifyConfirmation } from '../key-certificate';
import type { PartyId, Protocol, RandomSource } from '../protocol';
import type { KeyShare } from './key-share';

export { decodeKeyShare, encodeKeyShare, type KeyShare, keyCertificate } from './key-share';

export type DkgInput = {
  /** 32 bytes, never used before. */
  ceremonyId: Uint8Array;
  keyId: string;
  threshold: number;
  /** Sorted, distinct, each 1..16; contains `me`. */
  parties: readonly PartyId[];
  me: PartyId;
  random: RandomSource;
  /** Signs a 32-byte hash with this node's identity key. */
  sign: (hash: Uint8Array) => Uint8Array;
  verify: VerifyConfirmation;
};

export const createDkg = (_input: DkgInput): Protocol<KeyShare> => {
  throw new Error('Key generation is being written.');
};
