/** What one rule says about one activity, with a sentence that holds the compared values. */
export type RuleResult = { readonly triggered: boolean; readonly reason: string };

export const triggered = (reason: string): RuleResult => ({ triggered: true, reason });
export const notTriggered = (reason: string): RuleResult => ({ triggered: false, reason });
