import type { Change, WindowRecord } from './records';
import { type OrgState, put } from './state';
import { CLOCK_TOLERANCE_MS } from './window-book';

/**
 * Requests of a wallet in the window of `timeframeMinutes` before `at`, counted among those that stand before `before` in the
 * ledger (all of them when absent). A window has no upper edge: every earlier entry later than `at − W` counts.
 * @param countedNow The lane time at which pending requests may have expired.
 */
export const countInWindow = (
  state: OrgState,
  walletId: string,
  query: {
    readonly at: number;
    readonly countedNow: number;
    readonly timeframeMinutes: number;
    readonly before?: string;
  },
): number => {
  const { at, countedNow, timeframeMinutes, before } = query;
  return state.windows.count(walletId, {
    later: at - timeframeMinutes * 60_000,
    countedNow,
    ...(before === undefined ? {} : { before }),
  });
};

/** The window records of a request: one for each wallet it concerns. */
export const windowsOf = (state: OrgState, activityId: string): readonly WindowRecord[] => state.windows.of(activityId);

/** The settled time of an entry at `at` under the first checkpoint that covers it. */
export const settle = (at: number, checkpointAt: number): number =>
  Math.max(checkpointAt - CLOCK_TOLERANCE_MS, Math.min(checkpointAt, at));

/** Window records that a checkpoint over `seq` settles. */
export const settleWindows = (state: OrgState, checkpoint: { readonly seq: number; readonly at: number }): Change[] =>
  state.windows
    .unsettledUpTo(checkpoint.seq)
    .map((window) => put('window', { ...window, settledAt: settle(window.at, checkpoint.at) }));
