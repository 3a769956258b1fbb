import { test } from 'vitest';
import {
  brokenChainsStopTheNode,
  rewrittenLedgersAllowNothing,
  seenEntriesStay,
} from '@/lib/ledger/testing/tampering-properties';

// Other histories in every run; a failure prints its seed and the shortest history that shows it.
const LONG_MS = 1_200_000;

test(
  '1,000 rewritten ledgers allow an honest node nothing that nobody signed for',
  () => {
    rewrittenLedgersAllowNothing({ runs: 1000 });
  },
  LONG_MS,
);
test(
  '500 ledgers with changed bytes, gaps, another order and repeats stop the node where they are',
  () => {
    brokenChainsStopTheNode({ runs: 500 });
  },
  LONG_MS,
);
test(
  'what a node has seen can be neither left out nor changed, in 500 ledgers',
  () => {
    seenEntriesStay({ runs: 500 });
  },
  LONG_MS,
);
