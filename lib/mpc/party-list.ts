import type { PartyId } from './protocol';

/** Tells whether the list is sorted and distinct, each id an integer within 1..16. */
export const isPartyList = (parties: readonly PartyId[]): boolean =>
  parties.every(
    (party, i) => Number.isInteger(party) && party >= 1 && party <= 16 && (i === 0 || party > (parties[i - 1] ?? 16)),
  );

/** Throws unless `parties` is a party list of at least two. @throws {InvalidCeremonyError} */
export const assertPartyList = (parties: readonly PartyId[]): void => {
  if (parties.length < 2 || !isPartyList(parties)) {
    throw new InvalidCeremonyError('Parties must be at least two sorted, distinct ids within 1..16.');
  }
};

/** A ceremony that must not start as described: the caller's mistake, found before any message. */
export class InvalidCeremonyError extends Error {
  override readonly name = 'InvalidCeremonyError';
}
