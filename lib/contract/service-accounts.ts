import { z } from 'zod';
import { correlationId, displayName, emptyBody, idField, publicKeyPem } from './fields';
import type { Operation } from './operation';
import { flag, listOf } from './pagination';
import { accessToken, daysValid } from './pats';
import { identity } from './users';

export const serviceAccount = z.object({ userInfo: identity, accessTokens: z.array(accessToken) });

export const createServiceAccountBody = z.strictObject({
  name: displayName,
  publicKey: publicKeyPem,
  permissionId: idField.optional(),
  externalId: correlationId.optional(),
  daysValid: daysValid.optional(),
});

const ONE = '/auth/service-accounts/:serviceAccountId';
const change = (
  id: string,
  method: 'PUT' | 'DELETE',
  path: string,
  permission: string,
  body: z.ZodType,
): Operation => ({
  id,
  method,
  path,
  access: 'bearer',
  userAction: true,
  permission: [permission],
  governs: 'governance',
  built: true,
  body,
  response: serviceAccount,
});

export const SERVICE_ACCOUNTS: readonly Operation[] = [
  {
    id: 'auth.listServiceAccounts',
    method: 'GET',
    path: '/auth/service-accounts',
    access: 'bearer',
    userAction: false,
    permission: ['Auth:ServiceAccounts:Read'],
    governs: 'nothing',
    built: true,
    response: listOf(serviceAccount),
  },
  {
    id: 'auth.getServiceAccount',
    method: 'GET',
    path: ONE,
    access: 'bearer',
    userAction: false,
    permission: ['Auth:ServiceAccounts:Read'],
    governs: 'nothing',
    built: true,
    response: serviceAccount,
  },
  {
    id: 'auth.createServiceAccount',
    method: 'POST',
    path: '/auth/service-accounts',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:ServiceAccounts:Create'],
    governs: 'governance',
    built: true,
    body: createServiceAccountBody,
    response: serviceAccount,
  },
  change(
    'auth.updateServiceAccount',
    'PUT',
    ONE,
    'Auth:ServiceAccounts:Update',
    z.strictObject({ name: displayName.optional(), externalId: correlationId.optional() }),
  ),
  change('auth.activateServiceAccount', 'PUT', `${ONE}/activate`, 'Auth:ServiceAccounts:Activate', emptyBody),
  change(
    'auth.deactivateServiceAccount',
    'PUT',
    `${ONE}/deactivate`,
    'Auth:ServiceAccounts:Deactivate',
    z.strictObject({ force: z.boolean().optional() }),
  ),
  {
    ...change('auth.archiveServiceAccount', 'DELETE', ONE, 'Auth:ServiceAccounts:Delete', emptyBody),
    query: z.object({ force: flag }),
  },
  // Applications are no longer part of the dialect: there are none.
  {
    id: 'auth.listApplications',
    method: 'GET',
    path: '/auth/apps',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: listOf(z.unknown()),
  },
  {
    id: 'auth.getApplication',
    method: 'GET',
    path: '/auth/apps/:appId',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: z.unknown(),
  },
];
