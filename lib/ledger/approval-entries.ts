import { type Outcome, refused } from '@/lib/domain/refusal';
import { couldSit } from '@/lib/policy/quorum';
import { approvalInput, isExpired, isVoteLive, newApproval } from './approval';
import { freshId } from './checks';
import type { Decided } from './decision';
import { APPROVED_LIFE_MS, judgeActivity } from './judge';
import { activityOf, done, type NodeEntryInput, text } from './node-entry';
import type { ActivityRecord, Change, Decision } from './records';
import { withRejudgement } from './rejudged';
import { votesAfterScreening } from './screening';
import { find, type OrgState, put } from './state';

/** Records what the counted time already decided; it never frees anything by itself. */
export const decideExpiry = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, at } = input;
  const approval = find(state, 'approval', text(input.body.approvalId) ?? '');
  if (approval) {
    if (approval.status !== 'Pending' || !isExpired(approval, at))
      return refused(409, 'expiry.not_due', 'The approval is not past its time.');
    const changes: Change[] = [put('approval', { ...approval, status: 'Expired', dateUpdated: at, dateResolved: at })];
    const activity = approval.subject.kind === 'Activity' ? find(state, 'activity', approval.subject.id) : undefined;
    if (activity)
      changes.push(
        put('activity', { ...activity, status: 'Rejected', reason: 'The approval expired.', datePolicyResolved: at }),
      );
    const request =
      approval.subject.kind === 'ChangeRequest' ? find(state, 'changeRequest', approval.subject.id) : undefined;
    if (request)
      changes.push(
        put('changeRequest', { ...request, status: 'Rejected', reason: 'The approval expired.', dateResolved: at }),
      );
    return done(changes, 'approval', approval.id);
  }
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  if (activity.status !== 'Approved' || at <= (activity.datePolicyResolved ?? activity.countedAt) + APPROVED_LIFE_MS)
    return refused(409, 'expiry.not_due', 'The request is not past its time.');
  return done(
    [put('activity', { ...activity, status: 'Rejected', reason: 'Approved, but not signed within seven days.' })],
    'activity',
    activity.id,
  );
};

/** Takes an approved, unreserved activity back to its approvers when the head asks for more (design §4.4). */
export const decideReopen = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, at } = input;
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;

  if (activity.status !== 'Approved')
    return refused(409, 'reopen.status', 'Only an approved, unreserved activity is reopened.');
  const approvalId = freshId(state, input.leaf.effects, 'approvalId', 'approval', 'approval');
  if (!approvalId.ok) return approvalId;
  const judged = judgeActivity(state, activity.id, { at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'reopen') return refused(409, 'reopen.not_due', 'The head asks for nothing more.');
  const earlier = activity.approvalId ? find(state, 'approval', activity.approvalId) : undefined;
  const approval = newApproval({
    id: approvalId.value,
    initiatorId: activity.requester.userId,
    subject: { kind: 'Activity', id: activity.id },
    activityKind: 'Wallets:Sign',
    decision: {
      groups: judged.value.groups,
      evaluations: judged.value.head.evaluations,
      autoRejectMinutes: judged.value.head.autoRejectMinutes,
    },
    at,
    decisions: votesToKeep(
      state,
      { ...activity, groups: judged.value.groups },
      votesAfterScreening(activity, judged.value.head, earlier?.decisions ?? []),
    ),
  });
  const { datePolicyResolved: _resolved, ...pending } = activity;
  return done(
    [
      put('approval', approval),
      put('activity', {
        ...withRejudgement(pending, { at, evaluations: judged.value.head.evaluations }),
        status: 'Pending',
        approvalId: approvalId.value,
      }),
    ],
    'activity',
    activity.id,
  );
};

/**
 * Votes that count on in a reopened approval. Who could sit by an escalation alone may decide again once it comes anew: their vote
 * would fill nothing before, and nobody decides twice.
 */
const votesToKeep = (
  state: OrgState,
  { groups, requester }: Pick<ActivityRecord, 'groups' | 'requester'>,
  decisions: readonly Decision[],
): readonly Decision[] => {
  const live = decisions.filter((decision) => isVoteLive(state, decision));
  const input = approvalInput(state, { groups, decisions: live, initiatorId: requester.userId }, 0);
  const seated = new Set(input.votes.filter((vote) => couldSit(input, vote)).map((vote) => vote.userId));
  return live.filter((decision) => decision.value === 'Denied' || seated.has(decision.userId));
};

/** Makes a Block found after the entry final. It tightens only: windows stay counted. */
export const decideReject = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  if (activity.status !== 'Approved') return refused(409, 'reject.status', `The activity is ${activity.status}.`);
  const judged = judgeActivity(input.state, activity.id, { at: input.at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'reject')
    return refused(409, 'reject.not_due', 'No policy in force blocks the activity.');
  const { reason, head } = judged.value;
  const told = head ? withRejudgement(activity, { at: input.at, evaluations: head.evaluations }) : activity;
  return done([put('activity', { ...told, status: 'Rejected', reason })], 'activity', activity.id);
};
