import { z } from 'zod';
import { correlationId, emptyBody, publicKeyPem } from './fields';
import type { Operation } from './operation';
import { pageOf, smallPageQuery } from './pagination';

/** A permission somebody holds, as users and tokens show it. */
export const heldPermission = z.object({
  permissionName: z.string(),
  permissionId: z.string(),
  assignmentId: z.string(),
  operations: z.array(z.string()).optional(),
});

/** What users and service accounts have in common. */
export const identity = z.object({
  username: z.string(),
  name: z.string(),
  userId: z.string(),
  kind: z.enum(['DfnsStaff', 'AccountUser', 'CustomerEmployee', 'EndUser']),
  credentialUuid: z.string(),
  orgId: z.string(),
  permissions: z.array(z.string()).optional(),
  isActive: z.boolean(),
  isServiceAccount: z.boolean(),
  isRegistered: z.boolean(),
  permissionAssignments: z.array(heldPermission),
});

export const user = identity.extend({ isSSORequired: z.boolean() });

/** Nobody can be held to single sign-on where there is none. */
const ssoRequired = z.boolean();

/** Employees only: end users come by delegated registration. */
export const createUserBody = z.strictObject({
  email: z.email({ error: 'must be an e-mail address' }).max(320),
  kind: z.literal('CustomerEmployee', { error: 'must be "CustomerEmployee"' }),
  publicKey: publicKeyPem.optional(),
  externalId: correlationId.optional(),
  isSSORequired: ssoRequired.optional(),
});

export const updateUserBody = z.strictObject({ isSSORequired: ssoRequired });

const state = (id: string, method: 'PUT' | 'DELETE', path: string, permission: string): Operation => ({
  id,
  method,
  path,
  access: 'bearer',
  userAction: true,
  permission: [permission],
  governs: 'governance',
  built: true,
  body: emptyBody,
  response: user,
});

export const USERS: readonly Operation[] = [
  {
    id: 'auth.listUsers',
    method: 'GET',
    path: '/auth/users',
    access: 'bearer',
    userAction: false,
    permission: ['Auth:Users:Read'],
    governs: 'nothing',
    built: true,
    query: smallPageQuery.extend({ kind: z.enum(['CustomerEmployee', 'EndUser']).optional() }),
    response: pageOf(user),
  },
  {
    id: 'auth.createUser',
    method: 'POST',
    path: '/auth/users',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Users:Create'],
    governs: 'governance',
    built: true,
    body: createUserBody,
    response: user,
  },
  {
    // No `permission`: everybody may read themselves; the handler asks for Auth:Users:Read for anybody else.
    id: 'auth.getUser',
    method: 'GET',
    path: '/auth/users/:userId',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: user,
  },
  {
    id: 'auth.updateUser',
    method: 'PUT',
    path: '/auth/users/:userId',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Users:Update'],
    governs: 'governance',
    built: true,
    body: updateUserBody,
    response: user,
  },
  state('auth.activateUser', 'PUT', '/auth/users/:userId/activate', 'Auth:Users:Activate'),
  state('auth.deactivateUser', 'PUT', '/auth/users/:userId/deactivate', 'Auth:Users:Deactivate'),
  state('auth.archiveUser', 'DELETE', '/auth/users/:userId', 'Auth:Users:Delete'),
];
