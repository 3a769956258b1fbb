import type { Change, WindowRecord } from './records';
import { type OrgState, put } from './state';

/** A server's `at` is believed this far from the checkpoint that covers the entry (design §4.2 Time). */
export const CLOCK_TOLERANCE_MS = 120_000;

const timeOf = (window: WindowRecord): number => window.settledAt ?? window.at;

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
  const from = query.at - query.timeframeMinutes * 60_000;
  let count = 0;
  for (const window of state.windows.get(walletId) ?? []) {
    if (window.activityId === query.before) break;
    if (!window.counts || timeOf(window) <= from) continue;
    if (window.pendingUntil !== undefined && query.countedNow > window.pendingUntil) continue;
    count += 1;
  }
  return count;
};

/** The window records of a request: one for each wallet it concerns. */
export const windowsOf = (state: OrgState, activityId: string): WindowRecord[] =>
  [...state.windows.values()].flat().filter((item) => item.activityId === activityId);

/** The settled time of an entry at `at` under the first checkpoint that covers it. */
export const settle = (at: number, checkpointAt: number): number =>
  Math.max(checkpointAt - CLOCK_TOLERANCE_MS, Math.min(checkpointAt, at));

/** Window records that a checkpoint over `seq` settles. */
export const settleWindows = (state: OrgState, checkpoint: { readonly seq: number; readonly at: number }): Change[] => {
  const changes: Change[] = [];
  for (const list of state.windows.values())
    for (const window of list) {
      const place = state.places.get(window.activityId);
      if (window.settledAt !== undefined || place === undefined || place > checkpoint.seq) continue;
      changes.push(put('window', { ...window, settledAt: settle(window.at, checkpoint.at) }));
    }
  return changes;
};
