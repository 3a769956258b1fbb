import { z } from 'zod';
import { assignmentChangeRequest, permissionChangeRequest, roleRules, roleRulesChangeRequest } from './change-requests';
import { displayName, emptyBody, idField, timestamp } from './fields';
import type { Operation } from './operation';
import { flag, pageOf, pageQuery } from './pagination';
import { isKnownOperation } from './permission-operations';

export const permission = z.object({
  id: z.string(),
  name: z.string(),
  operations: z.array(z.string()),
  status: z.literal('Active'),
  isImmutable: z.boolean(),
  isArchived: z.boolean(),
  /** Our addition; absent where the role has none. */
  rules: roleRules.optional(),
  dateCreated: timestamp,
  dateUpdated: timestamp,
});

export const assignment = z.object({
  id: z.string(),
  permissionId: z.string(),
  identityId: z.string(),
  isImmutable: z.boolean(),
  dateCreated: timestamp,
  dateUpdated: timestamp,
});

export const permissionWithPending = permission.extend({
  pendingChangeRequest: permissionChangeRequest.optional(),
  /** Our addition: other rules that wait for approval. */
  pendingRules: roleRulesChangeRequest.optional(),
});
export const assignmentWithPending = assignment.extend({ pendingChangeRequest: assignmentChangeRequest.optional() });

const operations = z
  .array(
    z.string().refine(isKnownOperation, {
      error: (issue) => `"${String(issue.input).slice(0, 80)}" is not a known operation`,
    }),
  )
  .min(1)
  .max(500);

export const createPermissionBody = z.strictObject({ name: displayName, operations });
export const updatePermissionBody = z
  .strictObject({ name: displayName.optional(), operations: operations.optional() })
  .refine((body) => body.name !== undefined || body.operations !== undefined, {
    error: 'name or operations is needed',
  });
export const archivePermissionBody = z.strictObject({ isArchived: z.boolean() });
export const createAssignmentBody = z.strictObject({ identityId: idField });

const ONE = '/permissions/:permissionId';
const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;
const change = { access: 'bearer', userAction: true, governs: 'governance', built: true } as const;

export const PERMISSIONS: readonly Operation[] = [
  {
    id: 'permissions.listPermissions',
    path: '/permissions',
    ...read,
    permission: ['Permissions:Read'],
    query: pageQuery,
    response: pageOf(permissionWithPending),
  },
  {
    id: 'permissions.getPermission',
    path: ONE,
    ...read,
    permission: ['Permissions:Read'],
    response: permissionWithPending,
  },
  {
    id: 'permissions.createPermission',
    method: 'POST',
    path: '/permissions',
    ...change,
    permission: ['Permissions:Create'],
    body: createPermissionBody,
    response: permission,
  },
  {
    id: 'permissions.updatePermission',
    method: 'PUT',
    path: ONE,
    ...change,
    permission: ['Permissions:Update'],
    body: updatePermissionBody,
    response: permission,
    mayAnswer202: true,
  },
  {
    id: 'permissions.archivePermission',
    method: 'PUT',
    path: `${ONE}/archive`,
    ...change,
    permission: ['Permissions:Archive'],
    body: archivePermissionBody,
    response: permission,
    mayAnswer202: true,
  },
  {
    id: 'permissions.listAssignments',
    path: `${ONE}/assignments`,
    ...read,
    permission: ['Permissions:Assignments:Read'],
    query: pageQuery,
    response: pageOf(assignmentWithPending),
  },
  {
    id: 'permissions.createAssignment',
    method: 'POST',
    path: `${ONE}/assignments`,
    ...change,
    permission: ['Permissions:Assign'],
    body: createAssignmentBody,
    response: assignment,
    mayAnswer202: true,
  },
  {
    id: 'permissions.deleteAssignment',
    method: 'DELETE',
    path: `${ONE}/assignments/:assignmentId`,
    ...change,
    permission: ['Permissions:Revoke'],
    body: emptyBody,
    query: z.object({ force: flag }),
    response: z.object({}),
    mayAnswer202: true,
    answers: 'empty',
  },
];
