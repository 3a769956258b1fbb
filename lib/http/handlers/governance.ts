import { refused } from '@/lib/domain/refusal';
import { all, find } from '@/lib/ledger/state';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageOfRecords } from '../pagination';
import { assignmentWithPendingView, permissionWithPendingView, policyWithPendingView } from '../views/governance';

/** Policies and approvals page by 20 unless asked otherwise (contract §1.8). */
export const POLICY_PAGE = 20;

const missing = (kind: string, id: string) =>
  refuse(refused(404, `${kind}.not_found`, `${kind} not found`, { [`${kind}Id`]: id }));

const listPermissions: Handler = async (request, services) => {
  const { state } = callerOf(request);
  const { items, ...next } = pageOfRecords(all(state, 'permission'), request, services);
  return { body: { items: items.map((item) => permissionWithPendingView(state, item)), ...next } };
};

const getPermission: Handler = async (request) => {
  const { state } = callerOf(request);
  const id = request.params.permissionId ?? '';
  const permission = find(state, 'permission', id);
  return permission ? { body: permissionWithPendingView(state, permission) } : missing('permission', id);
};

const listAssignments: Handler = async (request, services) => {
  const { state } = callerOf(request);
  const id = request.params.permissionId ?? '';
  if (!find(state, 'permission', id)) return missing('permission', id);
  const held = all(state, 'assignment').filter((item) => item.permissionId === id && !item.isRevoked);
  const { items, ...next } = pageOfRecords(held, request, services);
  return { body: { items: items.map((item) => assignmentWithPendingView(state, item)), ...next } };
};

const listPolicies: Handler = async (request, services) => {
  const { state } = callerOf(request);
  const { status } = request.query;
  const policies = all(state, 'policy').filter((item) => status === undefined || item.status === status);
  const limited = { ...request, query: { ...request.query, limit: request.query.limit ?? POLICY_PAGE } };
  const { items, ...next } = pageOfRecords(policies, limited, services);
  return { body: { items: items.map((item) => policyWithPendingView(state, item)), ...next } };
};

const getPolicy: Handler = async (request) => {
  const { state } = callerOf(request);
  const id = request.params.policyId ?? '';
  const policy = find(state, 'policy', id);
  return policy ? { body: policyWithPendingView(state, policy) } : missing('policy', id);
};

export const GOVERNANCE_HANDLERS: Handlers = {
  'permissions.listPermissions': listPermissions,
  'permissions.getPermission': getPermission,
  'permissions.listAssignments': listAssignments,
  'policies.listPolicies': listPolicies,
  'policies.getPolicy': getPolicy,
};
