import type { LedgerService } from './ports';

/** The reading half of the ledger: chained entries and their arrival. */
export type LedgerFeed = Pick<
  LedgerService,
  'waitChained' | 'head' | 'feed' | 'organisations' | 'hasOpeningDue' | 'onChained'
>;
