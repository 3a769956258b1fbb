import { z } from 'zod';
import { emptyBody, idField, timestamp } from './fields';
import type { Operation } from './operation';
import { flag, pageOf, pageQuery } from './pagination';

/** Hands the caller's seats in approvals over to another person, from now or from `from` on. */
export const delegationBody = z.strictObject({
  toUserId: idField,
  from: timestamp.optional(),
  until: timestamp,
});

/** `Suspended`: who handed over could not decide themself now, so nobody can in their place. */
export const delegation = z.object({
  id: z.string(),
  userId: z.string(),
  toUserId: z.string(),
  from: timestamp,
  until: timestamp,
  status: z.enum(['Scheduled', 'Active', 'Suspended', 'Ended', 'Revoked']),
  dateCreated: timestamp,
});

const ALL = '/x/delegations';
const act = { access: 'bearer', userAction: true, governs: 'governance', built: true } as const;

/** Seats handed over for a time (our addition, docs/approvals.md). */
export const DELEGATIONS: readonly Operation[] = [
  {
    id: 'x.createDelegation',
    method: 'POST',
    path: ALL,
    ...act,
    permission: ['Policies:Approvals:Approve'],
    body: delegationBody,
    response: delegation,
  },
  {
    // No `permission`: both people of it may end it; anybody else needs Permissions:Assign.
    id: 'x.revokeDelegation',
    method: 'DELETE',
    path: `${ALL}/:delegationId`,
    ...act,
    body: emptyBody,
    response: delegation,
  },
  {
    // No `permission`: everybody sees those they are part of; with Policies:Approvals:Read all of them.
    id: 'x.listDelegations',
    method: 'GET',
    path: ALL,
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    query: pageQuery.extend({
      userId: idField.optional(),
      toUserId: idField.optional(),
      /** Only those that are in force or yet to come. */
      current: flag,
    }),
    response: pageOf(delegation),
  },
];
