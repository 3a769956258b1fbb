import { z } from 'zod';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { isKnownOperation } from './permission-operations';

const reason = z.object({
  permissionId: z.string(),
  permissionName: z.string(),
  assignmentId: z.string(),
  /** The operation as the role names it; `*` for the one that holds everything. */
  as: z.string(),
});

const identity = {
  identityId: z.string(),
  /** The person or service account behind it; for a token its owner. */
  userId: z.string(),
  kind: z.enum(['CustomerEmployee', 'EndUser', 'ServiceAccount', 'Pat']),
};
const reasons = { because: z.array(reason), ownerBecause: z.array(reason).optional() };

/** The moment an answer is about, and the last entry of governance by then: null while it is not chained. */
const moment = { at: timestamp, seq: z.number().int().nullable() };

const effectiveAccess = z.object({
  ...identity,
  ...moment,
  /** Why it may do nothing at all, whatever it was given; null when it may act. */
  barred: z.enum(['deactivated', 'notRegistered', 'tokenRevoked', 'tokenExpired']).nullable(),
  operations: z.array(z.object({ operation: z.string(), ...reasons })),
});

const holders = z.object({
  operation: z.string(),
  ...moment,
  items: z.array(z.object({ ...identity, ...reasons })),
  /** There are more than are listed. */
  isTruncated: z.boolean(),
});

/** Absent: now. */
const at = timestamp.optional();
const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;

/** Who may do what, and why, now or at a past moment. */
export const ACCESS: readonly Operation[] = [
  {
    // No `permission`: everybody may read their own; the handler asks for Permissions:Assignments:Read for anybody else's.
    id: 'x.getEffectiveAccess',
    path: '/x/access/identities/:identityId',
    ...read,
    query: z.object({ at }),
    response: effectiveAccess,
  },
  {
    id: 'x.listOperationHolders',
    path: '/x/access/holders',
    ...read,
    permission: ['Permissions:Assignments:Read'],
    query: z.object({
      operation: idField.refine(isKnownOperation, { error: 'is not a known operation' }),
      at,
    }),
    response: holders,
  },
];

/** Shapes the console names. */
export const accessShapes = { effectiveAccess, holders };
