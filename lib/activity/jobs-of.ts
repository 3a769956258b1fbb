import type { Change } from '@/lib/ledger/records';
import { find, type OrgState } from '@/lib/ledger/state';
import type { JobWanted } from './store';

/** Background work that changes ask for: signing what became approved, making keys that were asked for. */
export const jobsOf = (orgId: string, before: OrgState, changes: readonly Change[]): JobWanted[] =>
  changes.flatMap((change): JobWanted[] => {
    if (
      change.kind === 'activity' &&
      change.record.status === 'Approved' &&
      find(before, 'activity', change.record.id)?.status !== 'Approved'
    )
      return [{ name: 'sign-activity', payload: { orgId, activityId: change.record.id } }];
    if (change.kind === 'key' && change.record.status === 'Creating' && !find(before, 'key', change.record.id))
      return [{ name: 'create-key', payload: { orgId, keyId: change.record.id } }];
    return [];
  });
