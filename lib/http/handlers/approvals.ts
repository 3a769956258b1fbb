import { mayVote } from '@/lib/ledger/approval';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { find } from '@/lib/ledger/state';
import { isNamed } from '@/lib/policy/quorum';
import { callerOf, type Handler, type Handlers } from '../handler';
import { getOr404, pageOf, textOf } from '../records';
import { approvalView } from '../views/approvals';
import { POLICY_PAGE } from './governance';

/** Pages looked through at most when a filter leaves out what a page holds. */
const MOST_PAGES = 20;

/** Whether the user could take a seat of it, voted or not (contract A11). */
const isApprover = (approval: ApprovalRecord, userId: string, state: Parameters<typeof find>[0]): boolean => {
  const user = find(state, 'user', userId);
  if (!user || !mayVote(state, userId)) return false;
  const voter = { userId, isServiceAccount: user.isServiceAccount };
  return approval.groups.some((group) => isNamed(group, voter, approval.initiatorId));
};

const listApprovals: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const approverId = textOf(request.query.approverId);
  const filter = { status: textOf(request.query.status), initiatorId: textOf(request.query.initiatorId) };
  const limit = Number(request.query.limit ?? POLICY_PAGE);
  let page = await pageOf('approval', filter, request, services, limit);
  const found = page.items.filter((item) => approverId === undefined || isApprover(item, approverId, state));
  for (let pages = 1; found.length === 0 && page.nextPageToken && pages < MOST_PAGES; pages += 1) {
    const next = { ...request, query: { ...request.query, paginationToken: page.nextPageToken } };
    page = await pageOf('approval', filter, next, services, limit);
    found.push(...page.items.filter((item) => approverId === undefined || isApprover(item, approverId, state)));
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
