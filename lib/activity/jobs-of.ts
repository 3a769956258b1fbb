import type { ApprovalRecord, Change } from '@/lib/ledger/records';
import { deputiesOf } from '@/lib/ledger/seat-delegations';
import { find, type OrgState } from '@/lib/ledger/state';
import type { JobWanted } from './store';

/** Background work that changes ask for: signing what became approved, making keys that were asked for, telling people about approvals. */
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
    return change.kind === 'approval' ? mailsAbout(orgId, before, change.record) : [];
  });

/** A new approval is told to those its groups name and to whom they handed their seats; where anybody may approve, to nobody. A decided one is told to who asked. */
const mailsAbout = (orgId: string, state: OrgState, approval: ApprovalRecord): JobWanted[] => {
  const before = find(state, 'approval', approval.id);
  const mail = (userId: string, about: 'asked' | 'decided'): JobWanted => ({
    name: 'mail-approval',
    payload: { orgId, approvalId: approval.id, userId, about },
  });
  if (approval.status !== 'Pending') return before?.status === 'Pending' ? [mail(approval.initiatorId, 'decided')] : [];
  const named = before ? [] : approval.groups.flatMap((group) => group.approvers.userId?.in ?? []);
  const deputies = named.flatMap((userId) => deputiesOf(state, userId, approval.dateCreated));
  return [...new Set([...named, ...deputies])]
    .filter((userId) => userId !== approval.initiatorId)
    .map((userId) => mail(userId, 'asked'));
};
