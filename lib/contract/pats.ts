import { z } from 'zod';
import { correlationId, displayName, emptyBody, idField, publicKeyPem, timestamp } from './fields';
import type { Operation } from './operation';
import { listOf } from './pagination';
import { heldPermission } from './users';

/** A long-lived token. `accessToken` is shown once, when it is made. */
export const accessToken = z.object({
  accessToken: z.string().optional(),
  dateCreated: timestamp,
  credId: z.string(),
  isActive: z.boolean(),
  kind: z.enum(['Pat', 'ServiceAccount', 'Token', 'Code', 'Recovery', 'Temp', 'Application']),
  linkedUserId: z.string(),
  linkedAppId: z.string(),
  name: z.string(),
  orgId: z.string(),
  permissionAssignments: z.array(heldPermission),
  publicKey: z.string(),
  tokenId: z.string(),
});

/** Days a token lives: at most two years (contract §2.2). */
export const daysValid = z.number().int().min(1).max(730);

const change = (id: string, method: 'PUT' | 'DELETE', path: string, body: z.ZodType): Operation => ({
  id,
  method,
  path,
  access: 'bearer',
  userAction: true,
  governs: 'governance',
  built: true,
  body,
  response: accessToken,
});

export const PATS: readonly Operation[] = [
  {
    id: 'auth.listPersonalAccessTokens',
    method: 'GET',
    path: '/auth/pats',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: listOf(accessToken),
  },
  {
    id: 'auth.getPersonalAccessToken',
    method: 'GET',
    path: '/auth/pats/:tokenId',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: accessToken,
  },
  {
    id: 'auth.createPersonalAccessToken',
    method: 'POST',
    path: '/auth/pats',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Pats:Create'],
    governs: 'governance',
    built: true,
    response: accessToken,
    body: z.strictObject({
      name: displayName,
      publicKey: publicKeyPem,
      permissionId: idField.optional(),
      externalId: correlationId.optional(),
      daysValid: daysValid.optional(),
      secondsValid: z
        .number()
        .int()
        .min(1)
        .max(730 * 86_400)
        .optional(),
    }),
  },
  change(
    'auth.updatePersonalAccessToken',
    'PUT',
    '/auth/pats/:tokenId',
    z.strictObject({ name: displayName.optional(), externalId: correlationId.optional() }),
  ),
  change('auth.activatePersonalAccessToken', 'PUT', '/auth/pats/:tokenId/activate', emptyBody),
  change('auth.deactivatePersonalAccessToken', 'PUT', '/auth/pats/:tokenId/deactivate', emptyBody),
  change('auth.archivePersonalAccessToken', 'DELETE', '/auth/pats/:tokenId', emptyBody),
];
