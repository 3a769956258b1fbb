import { bindingOf } from '@/lib/ledger/policy-table';
import type { ActivityRecord } from '@/lib/ledger/records';
import { readScreenings } from '@/lib/ledger/screening';
import { traceOfRecord } from '@/lib/policy/recorded-trace';
import type { DecisionTrace } from '@/lib/policy/trace';
import type { LedgerStore } from './store';

/** Why an activity was decided as it was: the trace that its request was answered with, from what was written down. */
export const recordedDecision = async (
  orgId: string,
  activity: ActivityRecord,
  { store }: { readonly store: Pick<LedgerStore, 'getRecord' | 'policiesBefore'> },
): Promise<DecisionTrace> => {
  const { id, keyId, evaluations, facts, screening, at, countedAt } = activity;
  // Policies have no say in what only cancels or repeats another request, nor in what belongs to an end user.
  const isBeyond = activity.cancels !== undefined || activity.speedsUp !== undefined;
  const key = isBeyond ? null : await store.getRecord(orgId, 'key', keyId);
  const policies = isBeyond || key?.delegatedTo ? [] : await store.policiesBefore(orgId, id);
  return traceOfRecord({
    activityKind: 'Wallets:Sign',
    evaluations,
    facts,
    screening: readScreenings(screening, at),
    inForce: policies.flatMap(bindingOf).filter(({ until }) => until === undefined || countedAt < until),
  });
};
