import type { LedgerService } from '@/lib/activity/ports';
import type { Sql } from '@/lib/db/sql';
import { markJudged, unjudgedTransfers, type WalletTransferRow } from '@/lib/db/wallet-transfers';
import type { IncomingTransfer } from '@/lib/ledger/incoming-entries';

/** Transfers judged in one round. */
const PAGE = 100;
/** A vendor that is away is not asked about all of them in one round. */
const MOST_UNANSWERED = 3;
/** How long a vendor that does not answer is asked again, before its failure is what is kept. */
const PATIENCE_MS = 120_000;

const transferOf = (row: WalletTransferRow): IncomingTransfer => ({
  walletId: row.walletId,
  network: row.network,
  txHash: row.txHash,
  place: row.place,
  ...(row.contract === null ? {} : { contract: row.contract }),
  from: row.from,
  amount: row.amount,
  blockNumber: row.blockNumber,
});

/** Shows what came in to the policies that look at that, oldest first. What a vendor does not answer about waits for a later round. */
export const judgeIncomingOnce = async (deps: {
  readonly sql: Sql;
  readonly ledger: Pick<LedgerService, 'judgeIncoming'>;
  readonly now: () => number;
}): Promise<void> => {
  let unanswered = 0;
  for (const row of await unjudgedTransfers(deps.sql, PAGE)) {
    if (unanswered >= MOST_UNANSWERED) return;
    const failures = deps.now() - row.blockTime.getTime() < PATIENCE_MS ? 'wait' : 'take';
    // Nobody is told of a payment of nothing.
    const judged =
      row.amount === '0' ||
      (await deps.ledger.judgeIncoming({ orgId: row.orgId, transfer: transferOf(row), failures })) === 'judged';
    if (judged) await markJudged(deps.sql, row.id);
    else unanswered += 1;
  }
};
