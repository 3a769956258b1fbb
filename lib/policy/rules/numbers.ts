import { formatDecimal } from '@/lib/domain/decimal';
import type { Compared, WindowTotal } from '../policy';

/** Minutes in thirty days: the longest window there is. */
export const MAX_TIMEFRAME_MINUTES = 43_200;

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Whole minutes from one to thirty days. */
export const isTimeframe = (value: unknown): value is number =>
  isCount(value) && value >= 1 && value <= MAX_TIMEFRAME_MINUTES;

/** Totals as they are kept with a decision. */
export const earlierOf = (totals: readonly WindowTotal[]): NonNullable<Compared['earlier']> =>
  totals.map(({ count, usd, unknown }) => ({ count, usd: formatDecimal(usd), unknown }));
