import { z } from 'zod';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, policyPageQuery } from './pagination';
import { policyBody } from './policies';

/** One person in one seat: their own, or that of `holder`. */
export const seat = z.object({ holder: z.string(), takenBy: z.string() });

/** A member that differs. */
export const fieldChange = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() });

/** How an approval stands: who sits where, who is awaited, and whether it can still be reached. */
export const standing = z.object({
  approvalId: z.string(),
  status: z.enum(['Pending', 'Approved', 'Denied', 'Expired']),
  groups: z.array(
    z.object({
      policyId: z.string(),
      index: z.number().int(),
      name: z.string().optional(),
      /** Seats to fill; null when the group can never be filled. */
      required: z.number().int().nullable(),
      seats: z.array(seat),
      openSeats: z.number().int(),
      isFilled: z.boolean(),
      awaited: z.array(z.string()),
      isReachable: z.boolean(),
      escalatesAt: timestamp.optional(),
      isEscalated: z.boolean(),
    }),
  ),
  isReachable: z.boolean(),
  /** What somebody should know before they wait, in sentences. */
  warnings: z.array(z.string()),
  expirationDate: timestamp.optional(),
  /** Earliest time of a signature, where a policy lets the request wait. */
  notBefore: timestamp.optional(),
  /** Reminders sent so far, and when the last one was. */
  reminders: z.object({ sent: z.number().int(), last: timestamp.optional() }),
  /** Of a change: each field before and after. */
  changes: z.array(fieldChange),
});

/** Whether people there are could fill the groups of a policy, were it in force. */
const policyCheck = z.object({
  groups: z.array(
    z.object({
      index: z.number().int(),
      required: z.number().int(),
      /** People who could take a seat, without who asks where they may not approve. */
      available: z.number().int(),
      isReachable: z.boolean(),
    }),
  ),
  warnings: z.array(z.string()),
});

const ours = { access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;
const reads = ['Policies:Approvals:Read'];

/** What the console needs to show how approvals stand (our additions, docs/approvals.md). */
export const STANDINGS: readonly Operation[] = [
  {
    id: 'x.getStanding',
    method: 'GET',
    path: '/x/policy-approvals/:approvalId/standing',
    ...ours,
    permission: reads,
    response: standing,
  },
  {
    // Of pending approvals, newest first: the queue with its warnings.
    id: 'x.listStandings',
    method: 'GET',
    path: '/x/policy-approvals/standings',
    ...ours,
    permission: reads,
    query: policyPageQuery.extend({ initiatorId: idField.optional() }),
    response: pageOf(standing),
  },
  {
    // Looks and stores nothing: no user action.
    id: 'x.checkPolicy',
    method: 'POST',
    path: '/x/policies/check',
    ...ours,
    permission: ['Policies:Read'],
    body: policyBody,
    response: policyCheck,
  },
];
