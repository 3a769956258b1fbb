import { z } from 'zod';
import { challengeAnswer, credentialKind, signingChallenge } from './credential-shapes';
import { idField, timestamp } from './fields';
import { METHODS, type Operation } from './operation';

/**
 * What the client is about to send. The path is the encoded pathname, with its query when the client signs that too;
 * the payload is the exact serialised body (contract §2.5).
 */
export const userActionBody = z.strictObject({
  userActionPayload: z.string().default(''),
  userActionHttpMethod: z.enum(METHODS),
  userActionHttpPath: z.string().min(1).max(4096).startsWith('/'),
  userActionServerKind: z.enum(['Api', 'Staff']).optional(),
});

/** The statement a challenge is derived from (design §4.1): clients recompute the challenge from it before they sign. */
export const statementShape = z.object({
  v: z.literal(1),
  orgId: z.string(),
  genesis: z.string(),
  userId: z.string(),
  tokenId: z.string().optional(),
  method: z.string(),
  path: z.string(),
  bodyHash: z.string(),
  serverNonce: z.string(),
  expiresAt: z.number().int(),
  context: z.record(z.string(), z.unknown()),
});

const isoTime = z.iso.datetime({ error: 'must be an ISO-8601 UTC time' });

export const AUTH_ACTIONS: readonly Operation[] = [
  {
    id: 'auth.createUserActionChallenge',
    method: 'POST',
    path: '/auth/action/init',
    access: 'bearer',
    userAction: false,
    governs: 'session',
    built: true,
    body: userActionBody,
    response: signingChallenge.extend({ statement: statementShape }),
  },
  {
    id: 'auth.createUserActionSignature',
    method: 'POST',
    path: '/auth/action',
    access: 'bearer',
    userAction: false,
    governs: 'session',
    built: true,
    body: challengeAnswer,
    response: z.object({ userAction: z.string() }),
  },
  {
    id: 'auth.listAuditLogs',
    method: 'GET',
    path: '/auth/action/logs',
    access: 'bearer',
    userAction: false,
    permission: ['Auth:Logs:Read'],
    governs: 'nothing',
    built: true,
    query: z.object({
      startTime: isoTime,
      endTime: isoTime,
      userId: idField.optional(),
      format: z.enum(['csv']).optional(),
    }),
    response: z.string(),
  },
  {
    id: 'auth.getAuditLog',
    method: 'GET',
    path: '/auth/action/logs/:id',
    access: 'bearer',
    userAction: false,
    permission: ['Auth:Logs:Read'],
    governs: 'nothing',
    built: true,
    response: z.object({
      id: z.string(),
      action: z.string(),
      actionToken: z.string(),
      userId: z.string().nullable(),
      username: z.string().nullable(),
      datePerformed: timestamp.nullable(),
      firstFactorCredential: z.object({
        id: z.string(),
        kind: credentialKind.nullable(),
        publicKey: z.string(),
        assertion: z
          .object({ authenticatorData: z.string().nullable(), clientData: z.string(), signature: z.string() })
          .nullable(),
      }),
    }),
  },
];
