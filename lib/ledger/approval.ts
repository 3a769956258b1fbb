import type { PolicyDecision } from '@/lib/policy/policy';
import { type ApprovalInput, judgeApproval, type Vote } from '@/lib/policy/quorum';
import { liveCredentials, PERMISSION_TO_DECIDE, permissionRefusal, provableBy, requesterStillMay } from './live';
import type { ApprovalRecord, Decision } from './records';
import { isDelegationLive } from './seat-delegations';
import { all, find, type OrgState } from './state';

/** Whether a vote still counts: its credential, token and permission are live at this state. */
export const isVoteLive = (state: OrgState, decision: Decision): boolean =>
  requesterStillMay(state, decision, [PERMISSION_TO_DECIDE]).ok;

/** The votes of an approval as the quorum function reads them; of one user the last decision stands. */
export const votesOf = (state: OrgState, decisions: readonly Decision[]): Vote[] => {
  const last = new Map(decisions.map((decision) => [decision.userId, decision]));
  return [...last.values()].map((decision) => ({
    userId: decision.userId,
    isServiceAccount: find(state, 'user', decision.userId)?.isServiceAccount ?? true,
    live: isVoteLive(state, decision),
    value: decision.value,
    // The time of a delegation is judged at the vote, like a token's; revocation and lost rights also now.
    inPlaceOf: (decision.inPlaceOf ?? [])
      .filter(({ delegationId }) => isDelegationLive(state, find(state, 'delegation', delegationId)))
      .map(({ userId }) => userId),
  }));
};

/** What the quorum function is asked about an approval at this state. @param openMs How long it has been open. */
export const approvalInput = (
  state: OrgState,
  input: Pick<ApprovalRecord, 'groups' | 'decisions' | 'initiatorId'>,
  openMs: number,
): ApprovalInput => ({
  groups: input.groups,
  votes: votesOf(state, input.decisions),
  initiatorId: input.initiatorId,
  isEligible: (userId) => mayVote(state, userId),
  openMs,
  // In a strict organisation no two groups rest on one human (design §6).
  distinct: all(state, 'org')[0]?.strict ? 'acrossGroups' : 'perGroup',
});

/** Whether the user may approve at all: a registered, active employee or service account that holds the permission. */
export const mayVote = (state: OrgState, userId: string): boolean => {
  const user = find(state, 'user', userId);
  if (!user?.isActive || !user.isRegistered || user.kind !== 'CustomerEmployee') return false;
  const provable = provableBy(liveCredentials(state, userId));
  return permissionRefusal(state, { user }, [PERMISSION_TO_DECIDE], provable) === null;
};

/** Judges groups over the votes given so far. */
export const judgeGroups = (...input: Parameters<typeof approvalInput>): 'Pending' | 'Approved' =>
  judgeApproval(approvalInput(...input));

/** Thirty days: a change request always expires, so that it can't block its entity for ever. */
export const CHANGE_REQUEST_LIFE_MS = 30 * 86_400_000;

/** A fresh approval for a decision that asks for one. Its time limit is the earliest that a triggered policy names. */
export const newApproval = (input: {
  readonly id: string;
  readonly initiatorId: string;
  readonly subject: ApprovalRecord['subject'];
  readonly activityKind: string;
  readonly decision: Pick<PolicyDecision, 'groups' | 'evaluations' | 'autoRejectMinutes'>;
  readonly at: number;
  readonly decisions?: readonly Decision[];
}): ApprovalRecord => {
  const minutes = input.decision.autoRejectMinutes;
  const expirationDate =
    minutes !== null
      ? input.at + minutes * 60_000
      : input.subject.kind === 'ChangeRequest'
        ? input.at + CHANGE_REQUEST_LIFE_MS
        : undefined;
  return {
    id: input.id,
    initiatorId: input.initiatorId,
    subject: input.subject,
    activityKind: input.activityKind,
    status: 'Pending',
    groups: input.decision.groups,
    evaluations: input.decision.evaluations,
    decisions: input.decisions ?? [],
    ...(expirationDate === undefined ? {} : { expirationDate }),
    dateCreated: input.at,
    dateUpdated: input.at,
  };
};

/** Outcomes at an entry are decided by the counted time alone (design §4.2 Time). */
export const isExpired = (approval: ApprovalRecord, at: number): boolean =>
  approval.expirationDate !== undefined && at > approval.expirationDate;
