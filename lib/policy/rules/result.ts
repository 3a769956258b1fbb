import type { Compared } from '../policy';

/** What one rule says about one activity, with a sentence that holds the compared values, and the values themselves. */
export type RuleResult = { readonly triggered: boolean; readonly reason: string; readonly compared?: Compared };

const result =
  (isTriggered: boolean) =>
  (reason: string, compared?: Compared): RuleResult => ({
    triggered: isTriggered,
    reason,
    ...(compared ? { compared } : {}),
  });
export const triggered = result(true);
export const notTriggered = result(false);
