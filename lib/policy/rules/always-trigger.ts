import { type RuleResult, triggered } from './result';

/** Triggers on every activity the policy's filters match. */
export const evaluateAlwaysTrigger = (): RuleResult => triggered('This policy always triggers.');
