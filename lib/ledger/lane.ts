import { GOVERNANCE } from './decision';
import type { ActivityRecord, ApprovalRecord } from './records';

type Body = { readonly [key: string]: unknown };

/** The activity that an entry without a user's statement is about. @param approval The one its body names, if it names one. */
export const activityIdOf = (body: Body, approval: ApprovalRecord | null | undefined): string | undefined => {
  if (approval?.subject.kind === 'Activity') return approval.subject.id;
  return typeof body.activityId === 'string' ? body.activityId : undefined;
};

/** The lane of an entry that no user signed: the key of its activity, or governance. */
export const laneOf = (activity: Pick<ActivityRecord, 'keyId'> | null | undefined): string =>
  activity?.keyId ?? GOVERNANCE;
