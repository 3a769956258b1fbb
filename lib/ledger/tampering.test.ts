import { expect, test } from 'vitest';
import { TAMPERS } from './testing/tampering';
import { brokenChainsStopTheNode, rewrittenLedgersAllowNothing, seenEntriesStay } from './testing/tampering-properties';

// The same histories in every run; `npm run test:long` draws others, and more of them.
const SEED = 20_260_101;
const PATIENCE_MS = 240_000;

test(
  'a rewritten ledger allows an honest node nothing that nobody signed for',
  () => {
    expect(TAMPERS.length).toBeGreaterThanOrEqual(15);
    rewrittenLedgersAllowNothing({ runs: 20, seed: SEED });
  },
  PATIENCE_MS,
);
test(
  'changed bytes, gaps, another order and repeats stop the node where they are',
  () => {
    brokenChainsStopTheNode({ runs: 20, seed: SEED });
  },
  PATIENCE_MS,
);
test(
  'what a node has seen can be neither left out nor changed',
  () => {
    seenEntriesStay({ runs: 20, seed: SEED });
  },
  PATIENCE_MS,
);
