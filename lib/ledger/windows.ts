import { formatDecimal, parseDecimal } from '@/lib/domain/decimal';
import type { Facts } from '@/lib/policy/facts';
import type { PolicyRule, WindowTotal } from '@/lib/policy/policy';
import { isTimeframe } from '@/lib/policy/rules/numbers';
import { valueInUsd } from '@/lib/policy/value';
import { bindingOf } from './policy-table';
import type { Change, WindowRecord } from './records';
import { all, type OrgState, put } from './state';
import { CLOCK_TOLERANCE_MS } from './window-book';
import { MINUTE_MS } from './window-total';

/**
 * Requests of a wallet in the window of `timeframeMinutes` before `at`, of those that stand before `before` in the ledger (all of them
 * when absent). A window has no upper edge: every earlier entry later than `at − W` counts.
 * @param countedNow The lane time at which pending requests may have expired.
 * @throws {RangeError} when the state was loaded for other windows than this.
 */
export const totalInWindow = (
  state: OrgState,
  walletId: string,
  query: {
    readonly at: number;
    readonly countedNow: number;
    readonly timeframeMinutes: number;
    readonly before?: string;
  },
): WindowTotal => {
  const { at, countedNow, timeframeMinutes, before } = query;
  return state.windows.total(walletId, {
    later: at - timeframeMinutes * MINUTE_MS,
    countedNow,
    ...(before === undefined ? {} : { before }),
  });
};

/** Minutes of the windows that policies look at: as they are, and as they were before a change that has not cooled yet. */
export const timeframesOf = (state: OrgState): readonly number[] => [
  ...new Set(
    all(state, 'policy')
      .flatMap(bindingOf)
      .filter((policy) => policy.status === 'Active')
      .flatMap(({ definition }) => timeframesOfRule(definition.rule)),
  ),
];

/** Minutes of the windows that a rule looks at. */
export const timeframesOfRule = ({ kind, configuration }: PolicyRule): readonly number[] =>
  kind.endsWith('Velocity') ? [configuration?.timeframe].filter(isTimeframe) : [];

/** The window records of a request: one for each wallet it concerns. */
export const windowsOf = (state: OrgState, activityId: string): readonly WindowRecord[] => state.windows.of(activityId);

/** The value a request counts with, US dollars; absent where it is unknown. */
export const valueInWindow = (facts: Facts): { readonly usd?: string } => {
  const value = valueInUsd(facts);
  if (typeof value === 'string') return {};
  const usd = formatDecimal(value);
  // More digits than can be read again are no known value, for API and signers alike.
  return parseDecimal(usd) ? { usd } : {};
};

/** The settled time of an entry at `at` under the first checkpoint that covers it. */
export const settle = (at: number, checkpointAt: number): number =>
  Math.max(checkpointAt - CLOCK_TOLERANCE_MS, Math.min(checkpointAt, at));

/** Window records that a checkpoint over `seq` settles. */
export const settleWindows = (state: OrgState, checkpoint: { readonly seq: number; readonly at: number }): Change[] =>
  state.windows
    .unsettledUpTo(checkpoint.seq)
    .map((window) => put('window', { ...window, settledAt: settle(window.at, checkpoint.at) }));
