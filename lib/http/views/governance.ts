import { toTimestamp } from '@/lib/contract/fields';
import { PERMISSION_OPERATIONS } from '@/lib/contract/permission-operations';
import { refused } from '@/lib/domain/refusal';
import type { AssignmentRecord, ChangeRequestRecord, PermissionRecord, PolicyRecord } from '@/lib/ledger/records';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { callerOf, refuse } from '../handler';
import type { View, Views } from '../registry';

/** Who asked, as the dialect shows it. */
export const requesterView = ({ userId, tokenId }: { readonly userId: string; readonly tokenId?: string }) => ({
  userId,
  ...(tokenId ? { tokenId } : {}),
});

/** A change that waits, or how it ended (contract §3.4). */
export const changeRequestView = (request: ChangeRequestRecord) => ({
  id: request.id,
  requester: requesterView(request.requester),
  kind: request.kind,
  operationKind: request.operationKind,
  status: request.status,
  entityId: request.entityId,
  dateCreated: toTimestamp(request.dateCreated),
  ...(request.dateResolved === undefined ? {} : { dateResolved: toTimestamp(request.dateResolved) }),
  approvalId: request.approvalId,
  body: request.body,
});

const pendingOf = (state: OrgState, entityId: string, kind?: ChangeRequestRecord['kind']) =>
  all(state, 'changeRequest').find(
    (item) => item.status === 'Pending' && item.entityId === entityId && (kind === undefined || item.kind === kind),
  );

const pendingView = (state: OrgState, entityId: string, kind?: ChangeRequestRecord['kind']) => {
  const pending = pendingOf(state, entityId, kind);
  return pending ? { pendingChangeRequest: changeRequestView(pending) } : {};
};

/** The managed full-admin permission shows every operation there is. */
export const permissionView = (permission: PermissionRecord) => ({
  id: permission.id,
  name: permission.name,
  operations: permission.isImmutable ? [...PERMISSION_OPERATIONS] : [...permission.operations],
  status: 'Active',
  isImmutable: permission.isImmutable,
  isArchived: permission.isArchived,
  ...(permission.rules ? { rules: permission.rules } : {}),
  dateCreated: toTimestamp(permission.dateCreated),
  dateUpdated: toTimestamp(permission.dateUpdated),
});

const pendingRulesView = (state: OrgState, permissionId: string) => {
  const pending = pendingOf(state, permissionId, 'RoleRules');
  return pending ? { pendingRules: changeRequestView(pending) } : {};
};

export const permissionWithPendingView = (state: OrgState, permission: PermissionRecord) => ({
  ...permissionView(permission),
  ...pendingView(state, permission.id, 'Permission'),
  ...pendingRulesView(state, permission.id),
});

export const assignmentView = (assignment: AssignmentRecord) => ({
  id: assignment.id,
  permissionId: assignment.permissionId,
  identityId: assignment.identityId,
  isImmutable: assignment.isImmutable,
  dateCreated: toTimestamp(assignment.dateCreated),
  dateUpdated: toTimestamp(assignment.dateCreated),
});

export const assignmentWithPendingView = (state: OrgState, assignment: AssignmentRecord) => ({
  ...assignmentView(assignment),
  ...pendingView(state, assignment.id),
});

export const policyView = (policy: PolicyRecord) => ({
  id: policy.id,
  ...policy.definition,
  status: policy.status,
  dateCreated: toTimestamp(policy.dateCreated),
  dateUpdated: toTimestamp(policy.dateUpdated),
});

export const policyWithPendingView = (state: OrgState, policy: PolicyRecord) => ({
  ...policyView(policy),
  ...pendingView(state, policy.id),
});

const fromGovernance =
  <K extends 'permission' | 'assignment' | 'policy'>(kind: K, view: (record: never) => unknown): View =>
  async (id, request, services) => {
    const record = find(await services.loadGovernance(callerOf(request).org.id), kind, id);
    return record
      ? view(record as never)
      : refuse(refused(404, `${kind}.not_found`, `${kind} not found`, { [`${kind}Id`]: id }));
  };

const viewChangeRequest: View = async (id, request, services) => {
  const record = await services.getRecord(callerOf(request).org.id, 'changeRequest', id);
  return record
    ? changeRequestView(record)
    : refuse(refused(404, 'change_request.not_found', 'change request not found'));
};

export const GOVERNANCE_VIEWS: Views = {
  permission: fromGovernance('permission', permissionView),
  assignment: fromGovernance('assignment', assignmentView),
  policy: fromGovernance('policy', policyView),
  changeRequest: viewChangeRequest,
};
