import { approvalInput, mayVote } from '@/lib/ledger/approval';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { delegationsTo } from '@/lib/ledger/seat-delegations';
import { find, type OrgState } from '@/lib/ledger/state';
import { couldSit } from '@/lib/policy/quorum';
import { callerOf, type Handler, type Handlers } from '../handler';
import { getOr404, pageOf, textOf } from '../records';
import { approvalView } from '../views/approvals';
import { POLICY_PAGE } from './governance';

/** Pages looked through at most when a filter leaves out what a page holds. */
const MOST_PAGES = 20;

/**
 * Whether the user could take a seat of an approval, voted or not (contract A11): their own, one that an escalation gave them or one handed
 * over to them, judged now or, once it was resolved, at that time. Who voted, could.
 */
const approverTest = (state: OrgState, userId: string, now: number): ((approval: ApprovalRecord) => boolean) => {
  const user = find(state, 'user', userId);
  const eligible = new Map<string, boolean>();
  const isEligible = (id: string): boolean => {
    const known = eligible.get(id) ?? mayVote(state, id);
    eligible.set(id, known);
    return known;
  };
  return (approval) => {
    if (approval.decisions.some((decision) => decision.userId === userId)) return true;
    if (!user || !isEligible(userId)) return false;
    const at = approval.dateResolved ?? now;
    const inPlaceOf = delegationsTo(state, userId, at).map(({ requester }) => requester.userId);
    const input = approvalInput(state, { ...approval, decisions: [] }, at - approval.dateCreated);
    return couldSit({ ...input, isEligible }, { userId, isServiceAccount: user.isServiceAccount, inPlaceOf });
  };
};

const listApprovals: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const approverId = textOf(request.query.approverId);
  const isWanted = approverId === undefined ? () => true : approverTest(state, approverId, services.now());
  const filter = { status: textOf(request.query.status), initiatorId: textOf(request.query.initiatorId) };
  const limit = Number(request.query.limit ?? POLICY_PAGE);
  let page = await pageOf('approval', filter, request, services, limit);
  const found = page.items.filter(isWanted);
  for (let pages = 1; found.length === 0 && page.nextPageToken && pages < MOST_PAGES; pages += 1) {
    const next = { ...request, query: { ...request.query, paginationToken: page.nextPageToken } };
    page = await pageOf('approval', filter, next, services, limit);
    found.push(...page.items.filter(isWanted));
  }
  const items = await Promise.all(found.map((item) => approvalView(item, org.id, services)));
  return { body: { items, ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}) } };
};

const getApproval: Handler = async (request, services) => {
  const approval = await getOr404('approval', request.params.approvalId ?? '', request, services);
  return { body: await approvalView(approval, callerOf(request).org.id, services) };
};

export const APPROVAL_HANDLERS: Handlers = {
  'policies.listApprovals': listApprovals,
  'policies.getApproval': getApproval,
};
