import type { StartedSystem } from '@/e2e/support/start-system';
import type { Payer } from '@/e2e/support/transfers';

/** What a benchmark of a running system works on: the system, and an organisation of it with a funded wallet. */
export type BenchStage = { readonly running: StartedSystem; readonly payer: Payer };
