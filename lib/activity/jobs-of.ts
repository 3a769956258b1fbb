import type { ActivityRecord, ApprovalRecord, Change } from '@/lib/ledger/records';
import { find, type OrgState } from '@/lib/ledger/state';
import type { JobWanted } from './store';

type Written = {
  readonly orgId: string;
  /** Who signed the entry; absent for one that nobody signed. */
  readonly by?: string | undefined;
  readonly before: OrgState;
  readonly changes: readonly Change[];
};

/** Background work that changes ask for: signing what became approved, making keys that were asked for, telling people. */
export const jobsOf = (written: Written): JobWanted[] =>
  written.changes.flatMap((change) => jobsOfChange(change, written));

const jobsOfChange = (change: Change, written: Written): JobWanted[] => {
  const { orgId, before } = written;
  switch (change.kind) {
    case 'activity':
      return jobsOfActivity(change.record, written);
    case 'key':
      return change.record.status === 'Creating' && !find(before, 'key', change.record.id)
        ? [{ name: 'create-key', payload: { orgId, keyId: change.record.id } }]
        : [];
    case 'approval':
      return mailsAbout(change.record, written);
    case 'delegation':
      return find(before, 'delegation', change.record.id)
        ? []
        : [{ name: 'ask-deputy', payload: { orgId, delegationId: change.record.id } }];
    default:
      return [];
  }
};

const ENDED: readonly ActivityRecord['status'][] = ['Rejected', 'Abandoned'];
const hasEnded = ({ status, chain }: ActivityRecord): boolean => ENDED.includes(status) || chain?.status === 'Failed';

const isConfirmed = ({ chain }: ActivityRecord): boolean => chain?.status === 'Confirmed';
/** The vendor was told of the attempt, so it is told of the transfer: of the transaction that counts, not of one that was replaced. */
const isKnownToVendor = ({ screening = [] }: ActivityRecord): boolean =>
  screening.some(({ vendor, sources }) => vendor === 'Chainalysis' && sources.includes('Chainalysis KYT'));

/** What ended later than its own entry is told to who asked, unless they did it or the mail about its approval says so. */
const jobsOfActivity = (activity: ActivityRecord, { orgId, by, before, changes }: Written): JobWanted[] => {
  const former = find(before, 'activity', activity.id);
  const payload = { orgId, activityId: activity.id };
  if (activity.status === 'Approved' && former?.status !== 'Approved') return [{ name: 'sign-activity', payload }];
  if (isConfirmed(activity) && former && !isConfirmed(former) && isKnownToVendor(activity))
    return [{ name: 'register-sent', payload }];
  const { userId } = activity.requester;
  if (!former || hasEnded(former) || !hasEnded(activity) || by === userId) return [];
  const cancel = activity.supersededBy ? find(before, 'activity', activity.supersededBy) : undefined;
  if (cancel?.requester.userId === userId) return [];
  const isToldAlready = changes.some(
    (change) =>
      change.kind === 'approval' && change.record.id === activity.approvalId && change.record.status !== 'Pending',
  );
  return isToldAlready ? [] : [{ name: 'mail-request', payload }];
};

/** A new approval is told to those who may decide it, a decided one to who asked unless they decided it themself. */
const mailsAbout = (approval: ApprovalRecord, { orgId, by, before }: Written): JobWanted[] => {
  const former = find(before, 'approval', approval.id);
  const approvalId = approval.id;
  if (approval.status === 'Pending') return former ? [] : [{ name: 'ask-approvers', payload: { orgId, approvalId } }];
  const { initiatorId } = approval;
  return former?.status === 'Pending' && by !== initiatorId
    ? [{ name: 'mail-approval', payload: { orgId, approvalId, userId: initiatorId, about: 'decided' } }]
    : [];
};
