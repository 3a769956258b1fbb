import { toTimestamp } from '@/lib/contract/fields';
import type { QueueStage } from '@/lib/contract/queue-stages';
import { approvalInput, isVoteLive, mayVote } from '@/lib/ledger/approval';
import type { ActivityRecord, ApprovalRecord, ChangeRequestRecord } from '@/lib/ledger/records';
import { delegationsTo } from '@/lib/ledger/seat-delegations';
import { all, type OrgState } from '@/lib/ledger/state';
import { approvalProgress, type GroupProgress, standInsOf, type Voter } from '@/lib/policy/quorum';
import { callerOf, type Handler, type Handlers } from '../handler';
import { pageOf, textOf } from '../records';
import type { Services } from '../services';
import { activitySummary } from '../views/activities';
import { changeRequestView } from '../views/governance';
import { wireStatus } from '../views/requests';
import { POLICY_PAGE } from './governance';

/** Pages looked through at most when the stage leaves out what a page holds. */
const MOST_PAGES = 20;
const NAMED = 8;

const STATUSES: Readonly<Record<QueueStage, readonly ApprovalRecord['status'][]>> = {
  needsMe: ['Pending'],
  waiting: ['Pending'],
  ready: ['Approved'],
  done: ['Approved', 'Denied', 'Expired'],
};

type Row = {
  readonly approval: ApprovalRecord;
  readonly activity?: ActivityRecord;
  readonly change?: ChangeRequestRecord;
};

/** What the approvals are about, in two reads whatever their number. */
const rowsOf = async (approvals: readonly ApprovalRecord[], orgId: string, services: Services): Promise<Row[]> => {
  const idsOf = (kind: ApprovalRecord['subject']['kind']) =>
    approvals.filter(({ subject }) => subject.kind === kind).map(({ subject }) => subject.id);
  const [activities, changes] = await Promise.all([
    services.reads.records(orgId, 'activity', idsOf('Activity')),
    services.reads.records(orgId, 'changeRequest', idsOf('ChangeRequest')),
  ]);
  const activityOf = new Map(activities.map((one) => [one.id, one]));
  const changeOf = new Map(changes.map((one) => [one.id, one]));
  return approvals.map((approval) => {
    const activity = activityOf.get(approval.subject.id);
    const change = changeOf.get(approval.subject.id);
    return { approval, ...(activity && { activity }), ...(change && { change }) };
  });
};

const UNDER_WAY = ['Executing', 'Broadcasted'];

/** Where it stands for the user: on them while a seat is open that they could take and have not. */
const stageOf = ({ approval, activity }: Row, progress: readonly GroupProgress[], userId: string): QueueStage => {
  if (approval.status === 'Pending')
    return progress.some((group) => group.awaited.includes(userId)) ? 'needsMe' : 'waiting';
  return approval.status === 'Approved' && activity && UNDER_WAY.includes(wireStatus(activity)) ? 'ready' : 'done';
};

/** Everybody who may approve at all, with whose seats they could take at that time. */
const votersOf = (state: OrgState, at: number): readonly Voter[] =>
  all(state, 'user')
    .filter((user) => mayVote(state, user.id))
    .map((user) => ({
      userId: user.id,
      isServiceAccount: user.isServiceAccount,
      inPlaceOf: delegationsTo(state, user.id, at).map(({ requester }) => requester.userId),
    }));

const itemOf = (row: Row, state: OrgState, voters: readonly Voter[], userId: string, at: number) => {
  const { approval, activity, change } = row;
  const mayDecide = new Set(voters.map((voter) => voter.userId));
  const progress = approvalProgress({
    ...approvalInput(state, approval, at - approval.dateCreated),
    isEligible: (id) => mayDecide.has(id),
    voters,
  });
  const mine = approval.decisions.findLast((one) => one.userId === userId && isVoteLive(state, one));
  const denied = approval.decisions.find((one) => one.value === 'Denied');
  return {
    id: approval.id,
    stage: stageOf(row, progress, userId),
    status: approval.status,
    initiatorId: approval.initiatorId,
    ...(activity && { activity: activitySummary(activity) }),
    ...(change && { change: changeRequestView(change) }),
    seats: progress.map(({ group, required, approvedBy, awaited, couldTake, isReachable }) => {
      // Whoever asks is named first: what waits for them says so.
      const named = [...awaited].sort((a, b) => Number(b === userId) - Number(a === userId)).slice(0, NAMED);
      return {
        policyId: group.policyId,
        ...(group.name === undefined ? {} : { name: group.name }),
        required,
        approvedBy,
        awaited: named,
        awaitedCount: awaited.length,
        standIns: standInsOf(couldTake).filter((seat) => named.includes(seat.takenBy)),
        isReachable,
      };
    }),
    ...(mine && { mine: mine.value }),
    ...(denied && { deniedBy: denied.userId }),
    dateCreated: toTimestamp(approval.dateCreated),
    ...(approval.dateResolved === undefined ? {} : { dateResolved: toTimestamp(approval.dateResolved) }),
    ...(approval.expirationDate === undefined ? {} : { expirationDate: toTimestamp(approval.expirationDate) }),
  };
};

const listQueue: Handler = async (request, services) => {
  const { org, state, user } = callerOf(request);
  const stage = request.query.stage as QueueStage | undefined;
  const kind = textOf(request.query.kind);
  const walletId = textOf(request.query.walletId);
  const at = services.now();
  const voters = votersOf(state, at);
  const filter = { status: stage && STATUSES[stage], initiatorId: textOf(request.query.initiatorId) };
  const limit = Number(request.query.limit ?? POLICY_PAGE);
  const read = async (paginationToken: unknown) => {
    const page = await pageOf(
      'approval',
      filter,
      { ...request, query: { ...request.query, paginationToken } },
      services,
      limit,
    );
    const items = (await rowsOf(page.items, org.id, services))
      .filter(({ activity }) => kind === undefined || (activity?.kind ?? 'Change') === kind)
      .filter(({ activity }) => walletId === undefined || activity?.walletId === walletId)
      .map((row) => itemOf(row, state, voters, user.id, at))
      .filter((item) => stage === undefined || item.stage === stage);
    return { items, next: page.nextPageToken };
  };
  let page = await read(request.query.paginationToken);
  for (let pages = 1; page.items.length === 0 && page.next && pages < MOST_PAGES; pages += 1)
    page = await read(page.next);
  return { body: { items: page.items, ...(page.next ? { nextPageToken: page.next } : {}) } };
};

export const APPROVAL_QUEUE_HANDLERS: Handlers = { 'x.listApprovalQueue': listQueue };
