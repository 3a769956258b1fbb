import type { LedgerService } from '@/lib/activity/ports';
import { createLedgerService } from '@/lib/activity/service';
import type { SubmitDeps } from '@/lib/activity/submit';
import type { Db } from '@/lib/db/client';
import type { GovernanceCopies } from '@/lib/db/governance-copy';
import { CHAINED_CHANNEL, createLedgerFeed } from '@/lib/db/ledger-feed';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { EVENT_CHANNEL } from '@/lib/db/ledger-writer';
import { createListener, type Listener } from '@/lib/db/listener';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import type { SignedScreening } from '@/lib/evidence/screening';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { bufferedRandom } from './buffered-random';
import { LEDGER_PORTS } from './ledger-ports';
import { rememberingPorts } from './remembering-ports';

export type Ledger = {
  readonly ledger: LedgerService;
  /** Hears of chained entries and of anything that changed (EVENT_CHANNEL). */
  readonly listener: Listener;
  readonly close: () => Promise<void>;
};

const PRICE_TIMEOUT_MS = 800;

/** Asks the oracle over HTTP. Any failure is an unknown price, which a rule then counts as the worst. */
export const oraclePrices =
  (oracleUrl: string | undefined): SubmitDeps['price'] =>
  async ({ network, asset }) => {
    if (!oracleUrl) return null;
    try {
      const url = new URL(`/price?${new URLSearchParams({ network, asset })}`, oracleUrl);
      const response = await fetch(url, { signal: AbortSignal.timeout(PRICE_TIMEOUT_MS) });
      return response.ok ? ((await response.json()) as SignedPrice) : null;
    } catch {
      return null;
    }
  };

/** Longer than the oracle waits for its sources. */
const SCREENING_TIMEOUT_MS = 8_000;

/** Has the oracle screen a transfer. Any failure is an unknown screening, which a rule then counts as the worst. */
export const oracleScreenings =
  (oracleUrl: string | undefined): SubmitDeps['screening'] =>
  async (question) => {
    if (!oracleUrl) return null;
    try {
      const response = await fetch(new URL('/screening', oracleUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
        signal: AbortSignal.timeout(SCREENING_TIMEOUT_MS),
      });
      return response.ok ? ((await response.json()) as SignedScreening) : null;
    } catch {
      return null;
    }
  };

/** Signatures that this many decisions rest on are not verified again: a price is that of many requests. */
export const REMEMBERED = 10_000;

/** The ledger of this process over the shared database. */
export const composeLedger = (
  db: Db,
  options: {
    readonly oracleUrl?: string;
    readonly price?: SubmitDeps['price'];
    readonly screening?: SubmitDeps['screening'];
    readonly now?: () => number;
    readonly onError?: (error: Error) => void;
    /** Copies of governance shared with the process's readers. */
    readonly copies?: GovernanceCopies;
    /** Where the front door remembers what it verified, decisions need not verify it again. */
    readonly ports?: LedgerPorts;
  } = {},
): Ledger => {
  const listener = createListener(db.url, [CHAINED_CHANNEL, EVENT_CHANNEL], options.onError);
  const ledger = createLedgerService({
    store: createLedgerStore(db, options.copies),
    feed: createLedgerFeed(db, listener),
    ports: options.ports ?? rememberingPorts(LEDGER_PORTS, REMEMBERED),
    now: options.now ?? Date.now,
    random: bufferedRandom(),
    price: options.price ?? oraclePrices(options.oracleUrl),
    screening: options.screening ?? oracleScreenings(options.oracleUrl),
  });
  return { ledger, listener, close: listener.close };
};
