import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from '@/lib/domain/decimal';
import { memoOf } from '../memo';
import type { Compared, PolicyActivity, PolicyRule, WindowTotal } from '../policy';

/** Minutes in thirty days: the longest window there is. */
export const MAX_TIMEFRAME_MINUTES = 43_200;

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Whole minutes from one to thirty days. */
export const isTimeframe = (value: unknown): value is number =>
  isCount(value) && value >= 1 && value <= MAX_TIMEFRAME_MINUTES;

/** A rule's limit with its text in plain notation; null when it can't be understood. */
export const limitOf = memoOf((rule: PolicyRule): { readonly limit: Decimal; readonly text: string } | null => {
  const limit = parseDecimal(rule.configuration?.limit);
  return limit ? { limit, text: formatDecimal(limit) } : null;
});

/** What a window holds, with its totals as they are kept with a decision. */
export type WindowContent = {
  readonly totals: readonly WindowTotal[];
  readonly earlier: NonNullable<Compared['earlier']>;
  /** The largest count among the wallets, and requests of unknown value. */
  readonly count: number;
  readonly unknown: number;
  /** The largest sum among the wallets with that value added, and its text; worked out once. */
  readonly sumWith: (value: Decimal) => { readonly sum: Decimal; readonly text: string };
};

/** The windows of an activity, each worked out once however many rules ask. */
export const windowOf = (activity: PolicyActivity, minutes: number): WindowContent | undefined => {
  const known = windowsOf(activity);
  const found = known.get(minutes);
  if (found) return found;
  const totals = activity.inWindow?.(minutes);
  if (totals === undefined) return undefined;
  const earlier = totals.map(({ count, usd, unknown }) => ({ count, usd: formatDecimal(usd), unknown }));
  let largest: { readonly sum: Decimal; readonly text: string } | undefined;
  const content: WindowContent = {
    totals,
    earlier,
    count: Math.max(0, ...totals.map((total) => total.count)),
    unknown: Math.max(0, ...totals.map((total) => total.unknown)),
    // The value is the activity's own, the same at every call.
    sumWith: (value) => {
      if (largest) return largest;
      const sum = totals.map((total) => addDecimals(total.usd, value)).reduce(larger, value);
      largest = { sum, text: formatDecimal(sum) };
      return largest;
    },
  };
  known.set(minutes, content);
  return content;
};

const larger = (a: Decimal, b: Decimal): Decimal => (compareDecimals(a, b) < 0 ? b : a);

const windowsOf = memoOf((_activity: PolicyActivity) => new Map<number, WindowContent>());
