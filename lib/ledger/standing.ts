import { approvalProgress, type GroupProgress } from '@/lib/policy/quorum';
import { approvalInput } from './approval';
import { liveVoters } from './live';
import type { ApprovalRecord } from './records';
import { delegationsTo } from './seat-delegations';
import type { OrgState } from './state';

/** How a group of an approval stands, and when it names more people. */
export type GroupStanding = GroupProgress & { readonly escalatesAt?: number; readonly isEscalated: boolean };

/** How an approval stands: what approvers and those who ask want to know of it. */
export type Standing = {
  readonly groups: readonly GroupStanding[];
  /** False while some group can't be filled by those who may approve now. */
  readonly isReachable: boolean;
};

/** Everybody whose vote would count at that time, with whose seats they could take. */
export const votersAt = (state: OrgState, at: number) =>
  liveVoters(state).map((voter) => ({
    ...voter,
    inPlaceOf: delegationsTo(state, voter.userId, at).map(({ requester }) => requester.userId),
  }));

/** Works out how an approval stands at that time, unix ms. */
export const standingOf = (
  state: OrgState,
  approval: ApprovalRecord,
  at: number,
  voters = votersAt(state, at),
): Standing => {
  const groups = approvalProgress({ ...approvalInput(state, approval, at - approval.dateCreated), voters }).map(
    (progress): GroupStanding => {
      const { escalation } = progress.group;
      if (!escalation) return { ...progress, isEscalated: false };
      const escalatesAt = approval.dateCreated + escalation.afterMinutes * 60_000;
      return { ...progress, escalatesAt, isEscalated: at >= escalatesAt };
    },
  );
  return {
    groups,
    isReachable: groups.every((group) => group.isReachable),
  };
};
