import { test } from 'vitest';
import {
  moreFoundNeverLoosens,
  morePoliciesNeverPermitMore,
  nothingWithoutDistinctVoters,
  orderNeverMatters,
  unknownNeverLoosens,
} from './testing/decision-properties';

// The same draws in every run; `npm run test:long` makes others, and a million of each.
const DRAWS = { runs: 2000, seed: 20_260_101 };

test('the order of policies, groups and votes never matters', () => orderNeverMatters(DRAWS));
test('one policy more never permits more', () => morePoliciesNeverPermitMore(DRAWS));
test('nothing is approved without distinct eligible people in every group', () => nothingWithoutDistinctVoters(DRAWS));
test('what is found beside the rest never loosens', () => moreFoundNeverLoosens(DRAWS));
test('what is unknown or unreadable never loosens', () => unknownNeverLoosens(DRAWS));
