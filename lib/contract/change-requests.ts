import { z } from 'zod';
import { timestamp } from './fields';

/** Who asked: the user, and the token used if it was not a login session. */
export const requester = z.object({ userId: z.string(), tokenId: z.string().optional() });

const changeRequest = <K extends string, O extends string, B extends z.ZodType>(
  kind: K,
  operationKinds: readonly [O, ...O[]],
  body: B,
) =>
  z.object({
    id: z.string(),
    requester: requester.extend({ appId: z.string().optional() }),
    kind: z.literal(kind),
    operationKind: z.enum(operationKinds),
    status: z.enum(['Pending', 'Applied', 'Rejected', 'Failed']),
    entityId: z.string(),
    dateCreated: timestamp,
    dateResolved: timestamp.optional(),
    approvalId: z.string().optional(),
    body,
  });

/** A change of a permission that waits for approval; the body is the full resulting permission. Contract §3.4. */
export const permissionChangeRequest = changeRequest(
  'Permission',
  ['Update'],
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.literal('Active'),
    operations: z.array(z.string()),
    isImmutable: z.boolean(),
    isArchived: z.boolean(),
  }),
);

/** An assignment or revocation that waits for approval; on `Create` the id is the one the assignment will have. */
export const assignmentChangeRequest = changeRequest(
  'Assignment',
  ['Create', 'Delete'],
  z.object({ id: z.string(), permissionId: z.string(), identityId: z.string(), isImmutable: z.boolean() }),
);

/** A change of a policy that waits for approval; archiving shows `status: 'Archived'` in the body. */
export const policyChangeRequestOf = <B extends z.ZodType>(policy: B) => changeRequest('Policy', ['Update'], policy);

/** The step to `vouched` enrolment that waits for approval (our addition, design §4.3). There is no way back. */
export const enrolmentChangeRequest = changeRequest(
  'Enrolment',
  ['Update'],
  z.object({ enrolment: z.literal('vouched') }),
);

/** A wish to un-freeze that waits for approval (our addition, design §6). */
export const unfreezeChangeRequest = changeRequest('Freeze', ['Delete'], z.object({ walletId: z.string().optional() }));
