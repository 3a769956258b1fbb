import type { PartyId, Protocol, RandomSource } from '../protocol';
import type { PairState } from './pair-state';

export { decodePairState, encodePairState, erasePairState, type PairState } from './pair-state';

export type PairSetupInput = {
  me: PartyId;
  peer: PartyId;
  pairEpoch: number;
  /** Identity keys of the party with the lower and with the higher id, as pinned. */
  identityKeys: { min: Uint8Array; max: Uint8Array };
  random: RandomSource;
};

export const createPairSetup = (_input: PairSetupInput): Protocol<PairState> => {
  throw new Error('Pair set-up is being written.');
};
