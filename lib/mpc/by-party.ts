import type { PartyId } from './protocol';

/** Returns the entry of a party. @throws when there is none: a bug, as rounds run only when all parties were heard. */
export const ofParty = <T>(byParty: ReadonlyMap<PartyId, T>, party: PartyId): T => {
  const value = byParty.get(party);
  if (value === undefined) throw new Error(`Nothing is known of party ${party}.`);
  return value;
};

/** Returns the entries of all parties, in the order of `parties`. */
export const inOrder = <T>(parties: readonly PartyId[], byParty: ReadonlyMap<PartyId, T>): T[] =>
  parties.map((party) => ofParty(byParty, party));
