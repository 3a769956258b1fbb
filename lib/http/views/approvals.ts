import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { callerOf, refuse } from '../handler';
import type { View, Views } from '../registry';
import type { Services } from '../services';
import { changeRequestView } from './governance';
import { activityView } from './requests';

const MEMBER = {
  Transfer: 'transferRequest',
  Transaction: 'transactionRequest',
  Signature: 'signatureRequest',
} as const;

/** What waits, embedded as it stands now (contract §4.5). */
const embedded = async (approval: ApprovalRecord, orgId: string, services: Services) => {
  if (approval.subject.kind === 'ChangeRequest') {
    const change = await services.getRecord(orgId, 'changeRequest', approval.subject.id);
    return { kind: approval.activityKind, changeRequest: change ? changeRequestView(change) : undefined };
  }
  const activity = await services.getRecord(orgId, 'activity', approval.subject.id);
  if (!activity) return { kind: approval.activityKind };
  return { kind: approval.activityKind, [MEMBER[activity.kind]]: await activityView(activity, orgId, services) };
};

export const approvalView = async (approval: ApprovalRecord, orgId: string, services: Services) => ({
  id: approval.id,
  initiatorId: approval.initiatorId,
  activity: await embedded(approval, orgId, services),
  status: approval.status,
  ...(approval.expirationDate === undefined ? {} : { expirationDate: toTimestamp(approval.expirationDate) }),
  dateCreated: toTimestamp(approval.dateCreated),
  dateUpdated: toTimestamp(approval.dateUpdated),
  ...(approval.dateResolved === undefined ? {} : { dateResolved: toTimestamp(approval.dateResolved) }),
  policyEvaluations: approval.evaluations.map(({ policyId, triggered, reason }) => ({ policyId, triggered, reason })),
  decisions: approval.decisions.map(({ userId, date, reason, value, inPlaceOf }) => ({
    userId,
    date: toTimestamp(date),
    reason,
    value,
    ...(inPlaceOf ? { inPlaceOf: inPlaceOf.map((seat) => seat.userId) } : {}),
  })),
});

const viewApproval: View = async (id, request, services) => {
  const { org } = callerOf(request);
  const approval = await services.getRecord(org.id, 'approval', id);
  if (!approval) return refuse(refused(404, 'approval.not_found', 'approval not found', { approvalId: id }));
  return approvalView(approval, org.id, services);
};

export const APPROVAL_VIEWS: Views = { approval: viewApproval };
