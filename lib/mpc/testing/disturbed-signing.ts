import { ofParty } from '../by-party';
import type { SigningInput } from '../dkls23/sign';
import type { Abort, PartyId, Step } from '../protocol';
import { dealPairs, generateKey, type SimulationOptions, signingMachines, simulate } from '../simulation';

/** Keys and pairs that the signing tests share; made from seeds, so equal in every file. For tests only. */
export const pairs = dealPairs([1, 2, 3, 4, 5], 'sign');
export const twoOfThree = generateKey(2, [1, 2, 3], 'sign 2-of-3');
export const threeOfFour = generateKey(3, [1, 2, 3, 4], 'sign 3-of-4');

export type Outcome = {
  aborts: ReadonlyMap<PartyId, Abort>;
  statuses: ReadonlyMap<PartyId, string>;
  /** Parties that were ready to release, at any time. */
  ready: ReadonlySet<PartyId>;
  /** Rounds in which party 1 sent anything. */
  rounds: ReadonlySet<number>;
};

/** Signs with parties 1 and 2 of 2-of-3, or three of 3-of-4, under a disturbance, and tells how it ended. */
export const disturbed = (
  options: SimulationOptions,
  participants: readonly PartyId[] = [1, 2],
  changesFor?: (party: PartyId) => Partial<SigningInput>,
): Outcome => {
  const shares = participants.length === 2 ? twoOfThree : threeOfFour;
  const ready = new Set<PartyId>();
  const observe = (party: PartyId, step: Step<unknown>) => {
    if (step.status === 'ready') ready.add(party);
  };
  const machines = signingMachines(shares, pairs, participants, 'disturbed', changesFor);
  const { steps, sent } = simulate(machines, { ...options, observe });
  const aborts = new Map<PartyId, Abort>();
  for (const [party, step] of steps) if (step.status === 'aborted') aborts.set(party, step.abort);
  const statuses = new Map([...steps].map(([party, step]) => [party, step.status]));
  const rounds = new Set(sent.filter(({ from }) => from === 1).map(({ round }) => round));
  return { aborts, statuses, ready, rounds };
};

/** The share of a party of one of the keys above. */
export const shareOf = ofParty;

const PREFIX = 36;

/** Where the fields of a signing body begin, prefix included. */
export const FIRST = {
  com: PREFIX,
  nonce: PREFIX + 32,
  corrections: PREFIX + 64,
  choiceHash: PREFIX + 10_304,
  rowHashes: PREFIX + 10_320,
};
export const SECOND = {
  dig: PREFIX,
  nonce: PREFIX + 32,
  opening: PREFIX + 65,
  key: PREFIX + 97,
  nonceProduct: PREFIX + 130,
  keyProduct: PREFIX + 163,
  psi: PREFIX + 196,
  aliceNonce: PREFIX + 228,
  adjustments: PREFIX + 260,
  eta: PREFIX + 40_196,
  mu: PREFIX + 40_228,
};
export const THIRD = { u: PREFIX, w: PREFIX + 32 };
