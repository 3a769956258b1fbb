import { z } from 'zod';
import {
  assignmentChangeRequest,
  certificateChangeRequest,
  enrolmentChangeRequest,
  permissionChangeRequest,
  roleRulesChangeRequest,
  settingsChangeRequest,
  tagsChangeRequest,
  unfreezeChangeRequest,
} from './change-requests';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, policyPageQuery } from './pagination';
import { policyChangeRequest } from './policies';
import { signatureRequest } from './signatures';
import { transaction } from './transactions';
import { transfer } from './transfers';

/** A change of governance that waits or waited, of whatever kind. */
export const changeRequestShape = z.union([
  policyChangeRequest,
  permissionChangeRequest,
  assignmentChangeRequest,
  unfreezeChangeRequest,
  enrolmentChangeRequest,
  certificateChangeRequest,
]);

/** What is waiting: the live request object, its status included (contract §4.5). */
export const approvalActivity = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('Wallets:Sign'),
    transferRequest: transfer.optional(),
    transactionRequest: transaction.optional(),
    signatureRequest: signatureRequest.optional(),
  }),
  z.object({
    kind: z.literal('Policies:Modify'),
    changeRequest: z.union([
      policyChangeRequest,
      unfreezeChangeRequest,
      enrolmentChangeRequest,
      certificateChangeRequest,
      settingsChangeRequest,
      tagsChangeRequest,
    ]),
  }),
  z.object({
    kind: z.literal('Permissions:Modify'),
    changeRequest: z.union([permissionChangeRequest, roleRulesChangeRequest]),
  }),
  z.object({ kind: z.literal('Permissions:Assign'), changeRequest: assignmentChangeRequest }),
]);

export const approval = z.object({
  id: z.string(),
  initiatorId: z.string(),
  activity: approvalActivity,
  status: z.enum(['Pending', 'Approved', 'Denied', 'Expired']),
  expirationDate: timestamp.optional(),
  dateCreated: timestamp.optional(),
  dateUpdated: timestamp,
  dateResolved: timestamp.optional(),
  policyEvaluations: z.array(
    z.object({ policyId: z.string(), triggered: z.boolean(), reason: z.string(), context: z.unknown().optional() }),
  ),
  decisions: z.array(
    z.object({
      userId: z.string(),
      date: timestamp,
      reason: z.string().nullable(),
      value: z.enum(['Approved', 'Denied']),
      /** Our addition: people whose seats the voter could take. */
      inPlaceOf: z.array(z.string()).optional(),
    }),
  ),
});

export const decisionBody = z.strictObject({
  value: z.enum(['Approved', 'Denied'], { error: 'must be "Approved" or "Denied"' }),
  reason: z.string().max(1000).optional(),
});

const ONE = '/v2/policy-approvals/:approvalId';
const read = {
  method: 'GET',
  access: 'bearer',
  userAction: false,
  governs: 'nothing',
  permission: ['Policies:Approvals:Read'],
  built: true,
} as const;

export const APPROVALS: readonly Operation[] = [
  {
    id: 'policies.listApprovals',
    path: '/v2/policy-approvals',
    ...read,
    response: pageOf(approval),
    query: policyPageQuery.extend({
      status: z.enum(['Pending', 'Approved', 'Denied', 'Expired']).optional(),
      initiatorId: idField.optional(),
      approverId: idField.optional(),
    }),
  },
  { id: 'policies.getApproval', path: ONE, ...read, response: approval },
  {
    // A decision on an activity takes that activity's locks, one on a change request the organisation's: the corridor
    // finds out which, so the row names the stronger one.
    id: 'policies.createApprovalDecision',
    method: 'POST',
    path: `${ONE}/decisions`,
    access: 'bearer',
    userAction: true,
    permission: ['Policies:Approvals:Approve'],
    governs: 'governance',
    built: true,
    body: decisionBody,
    response: approval,
  },
];
