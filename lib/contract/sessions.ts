import { z } from 'zod';
import { emptyBody, idField, timestamp } from './fields';
import type { Operation } from './operation';
import { listOf } from './pagination';

/** A sign-in that is open. */
export const session = z.object({
  sessionId: z.string(),
  userId: z.string(),
  dateCreated: timestamp,
  /** Its last use, to the minute. */
  dateLastSeen: timestamp,
  dateExpires: timestamp,
  isActive: z.boolean(),
  /** It is the one that asks. */
  isCurrent: z.boolean(),
});

/** Sign-ins as their owner sees them; of somebody else with permission (the handlers ask for it). */
export const SESSIONS: readonly Operation[] = [
  {
    id: 'x.listSessions',
    method: 'GET',
    path: '/x/sessions',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    query: z.object({ userId: idField.optional() }),
    response: listOf(session),
  },
  {
    // Signed, so that a stolen bearer token can't sign people out. No entry: sessions are no part of the ledger.
    id: 'x.revokeSession',
    method: 'DELETE',
    path: '/x/sessions/:sessionId',
    access: 'bearer',
    userAction: true,
    governs: 'session',
    built: true,
    body: emptyBody,
    response: session,
  },
];
