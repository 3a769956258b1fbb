import { z } from 'zod';
import { activity } from './activity-shapes';
import { changeRequestShape } from './approvals';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, policyPageQuery } from './pagination';
import { QUEUE_KINDS, QUEUE_STAGES } from './queue-stages';
import { seat } from './standings';

/** How far a group is filled, and by whom. At most eight of those who could take an open seat are named. */
const seats = z.object({
  policyId: z.string(),
  name: z.string().optional(),
  /** Null when the group can never be filled. */
  required: z.number().int().nullable(),
  approvedBy: z.array(z.string()),
  awaited: z.array(z.string()),
  awaitedCount: z.number().int(),
  /** Those named as awaited who have no seat of their own: whose seat each would take. */
  standIns: z.array(seat),
  isReachable: z.boolean(),
});

/** One line of the queue: enough to say what is asked, of whom, and how far it is. */
export const queueItem = z.object({
  id: z.string(),
  stage: z.enum(QUEUE_STAGES),
  status: z.enum(['Pending', 'Approved', 'Denied', 'Expired']),
  initiatorId: z.string(),
  /** What is asked: one of the two. */
  activity: activity.optional(),
  change: changeRequestShape.optional(),
  seats: z.array(seats),
  /** What the caller said, while it counts. */
  mine: z.enum(['Approved', 'Denied']).optional(),
  deniedBy: z.string().optional(),
  dateCreated: timestamp,
  dateResolved: timestamp.optional(),
  expirationDate: timestamp.optional(),
});

export const APPROVAL_QUEUE: readonly Operation[] = [
  {
    id: 'x.listApprovalQueue',
    method: 'GET',
    path: '/x/approvals',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    permission: ['Policies:Approvals:Read'],
    query: policyPageQuery.extend({
      stage: z.enum(QUEUE_STAGES).optional(),
      kind: z.enum(QUEUE_KINDS).optional(),
      walletId: idField.optional(),
      initiatorId: idField.optional(),
    }),
    response: pageOf(queueItem),
  },
];
