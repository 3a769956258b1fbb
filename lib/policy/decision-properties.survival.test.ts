import { test } from 'vitest';
import {
  moreFoundNeverLoosens,
  morePoliciesNeverPermitMore,
  nothingWithoutDistinctVoters,
  orderNeverMatters,
  unknownNeverLoosens,
} from './testing/decision-properties';

// Other draws in every run; a failure prints its seed and the smallest case that shows it.
const DRAWS = { runs: 1_000_000 };
const LONG_MS = 1_800_000;

test('the order of policies, groups and votes never matters, in 10⁶ cases', () => orderNeverMatters(DRAWS), LONG_MS);
test('one policy more never permits more, in 10⁶ cases', () => morePoliciesNeverPermitMore(DRAWS), LONG_MS);
test(
  'nothing is approved without distinct eligible people in every group, in 10⁶ cases',
  () => nothingWithoutDistinctVoters(DRAWS),
  LONG_MS,
);
test('what is unknown or unreadable never loosens, in 10⁶ cases', () => unknownNeverLoosens(DRAWS), LONG_MS);
test('what is found beside the rest never loosens, in 10⁶ cases', () => moreFoundNeverLoosens(DRAWS), LONG_MS);
