import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import type { ActivityRecord, ApprovalRecord, ChangeRequestRecord } from '@/lib/ledger/records';
import { evaluationsDeciding, evaluationsOfChange, formerEvaluations } from '@/lib/ledger/rejudged';
import type { Evaluation } from '@/lib/policy/policy';
import { holdsPermission } from '../authorization';
import { type Caller, callerOf, type Handler, type Handlers, refuse } from '../handler';
import { getOr404, pageOf, textOf } from '../records';
import type { Services } from '../services';
import { activitySummary, decisionViews, entryView, timelineView } from '../views/activities';
import { changeRequestView } from '../views/governance';
import { activityView, wireStatus } from '../views/requests';

/** Pages looked through at most when the filter leaves out what a page holds. */
const MOST_PAGES = 20;

const READS = {
  Transfer: ['Wallets:Transfers:Read', 'Policies:Approvals:Read'],
  Transaction: ['Wallets:Transactions:Read', 'Policies:Approvals:Read'],
  Signature: ['Keys:Signatures:Read', 'Wallets:Read', 'Policies:Approvals:Read'],
} as const;

/** Whether the caller may see the activity: their own, or by permission, which shows an end user nobody else's. */
export const mayRead = (caller: Caller, activity: ActivityRecord): boolean =>
  activity.requester.userId === caller.user.id ||
  (caller.user.kind !== 'EndUser' && holdsPermission(caller, ...READS[activity.kind]));

const listActivities: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { status, search, initiatorId } = request.query;
  const { kind, walletId, keyId } = request.query;
  const filter = { kind: textOf(kind), walletId: textOf(walletId), keyId: textOf(keyId) };
  const needle = textOf(search)?.toLowerCase();
  const fits = (activity: ActivityRecord): boolean =>
    mayRead(caller, activity) &&
    (status === undefined || wireStatus(activity) === status) &&
    (initiatorId === undefined || activity.requester.userId === initiatorId) &&
    (needle === undefined || JSON.stringify(activity).toLowerCase().includes(needle));
  let page = await pageOf('activity', filter, request, services);
  const found = page.items.filter(fits);
  for (let pages = 1; found.length === 0 && page.nextPageToken && pages < MOST_PAGES; pages += 1) {
    const next = { ...request, query: { ...request.query, paginationToken: page.nextPageToken } };
    page = await pageOf('activity', filter, next, services);
    found.push(...page.items.filter(fits));
  }
  return {
    body: { items: found.map(activitySummary), ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}) },
  };
};

const getActivity: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { org } = caller;
  const id = request.params.activityId ?? '';
  const activity = await getOr404('activity', id, request, services);
  if (!mayRead(caller, activity)) refuse(refused(404, 'activity.not_found', 'activity not found', { activityId: id }));
  const approval = activity.approvalId ? await services.getRecord(org.id, 'approval', activity.approvalId) : null;
  const refusals = await services.reads.signerRefusals(org.id, activity.id);
  const notBefore = await services.ledger.notBefore({ orgId: org.id, activityId: activity.id });
  return {
    body: {
      ...activitySummary(activity),
      ...(notBefore === null ? {} : { notBefore: toTimestamp(notBefore) }),
      ...(await storyOf(activity, approval, caller, services)),
      request: await activityView(activity, org.id, services),
      ...(activity.reservation ? { unsigned: activity.reservation.unsigned } : {}),
      ...(activity.speedsUp ? { repeats: await repeatedView(activity.speedsUp.activityId, caller, services) } : {}),
      refusals: refusals.map(({ node, code, message, at }) => ({ node, code, message, at: toTimestamp(at.getTime()) })),
    },
  };
};

/** The request that a speed-up repeats, as its ledger entry has it. */
const repeatedView = async (id: string, { org }: Caller, services: Services) => {
  const original = await services.getRecord(org.id, 'activity', id);
  if (!original) throw new Error(`The request ${id} was sped up and is gone.`);
  return { id, digest: original.digest, entry: entryView(await services.reads.timeline(org.id, id), original.digest) };
};

/** What an activity and a change request tell alike: own entry, evaluations, votes and timeline. */
const storyOf = async (
  subject: ActivityRecord | ChangeRequestRecord,
  approval: ApprovalRecord | null,
  { org, state }: Caller,
  services: Services,
) => {
  const leaves = await services.reads.timeline(org.id, subject.id);
  const userIds = [...new Set(leaves.flatMap(({ leaf }) => (leaf.statement ? [leaf.statement.userId] : [])))];
  const people = await services.identity.findPeople(org.id, userIds);
  const names = new Map(people.map((person) => [person.userId, person.username]));
  const { last, former } = judgedViews(subject, approval);
  return {
    digest: subject.digest,
    entry: entryView(leaves, subject.digest),
    evaluations: last,
    ...(former.length === 0 ? {} : { former: former.map((one) => ({ ...one, at: toTimestamp(one.at) })) }),
    groups: approval?.groups ?? ('groups' in subject ? subject.groups : []),
    ...(approval ? { dateAsked: toTimestamp(approval.dateCreated) } : {}),
    decisions: decisionViews(state, approval),
    timeline: timelineView(leaves, inOrder(subject, last), names),
  };
};

const judgedViews = (subject: ActivityRecord | ChangeRequestRecord, approval: ApprovalRecord | null) =>
  'facts' in subject
    ? { last: evaluationsDeciding(subject), former: formerEvaluations(subject) }
    : { last: evaluationsOfChange(subject, approval), former: [] };

/** What the policies said at its own entry, then at each that judged it again. */
const inOrder = (subject: ActivityRecord | ChangeRequestRecord, last: readonly Evaluation[]) =>
  'facts' in subject ? [subject.evaluations, ...(subject.rejudged ?? []).map((one) => one.evaluations)] : [last];

const getChangeRequest: Handler = async (request, services) => {
  const caller = callerOf(request);
  const id = request.params.changeRequestId ?? '';
  const change = await getOr404('changeRequest', id, request, services, 'changeRequest');
  const approval = await services.getRecord(caller.org.id, 'approval', change.approvalId);
  return {
    body: {
      id: change.id,
      ...(await storyOf(change, approval, caller, services)),
      change: changeRequestView(change),
      ...(change.reason === undefined ? {} : { reason: change.reason }),
    },
  };
};

export const ACTIVITY_HANDLERS: Handlers = {
  'x.listActivities': listActivities,
  'x.getActivity': getActivity,
  'x.getChangeRequest': getChangeRequest,
};
