import { z } from 'zod';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { flag, pageOf, pageQuery } from './pagination';

/** A request that one of the organisation's tokens made. */
export const loggedRequest = z.object({
  requestId: z.string(),
  at: timestamp,
  method: z.string(),
  path: z.string(),
  /** Absent where nothing is at the path. */
  operation: z.string().optional(),
  status: z.number().int(),
  ms: z.number().int(),
  userId: z.string(),
  tokenId: z.string(),
});

/** What tokens and service accounts called in the last week, ten thousand requests at most. */
export const REQUEST_LOG: readonly Operation[] = [
  {
    id: 'x.listRequestLog',
    method: 'GET',
    path: '/x/request-log',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    permission: ['Auth:ServiceAccounts:Read'],
    query: pageQuery.extend({ userId: idField.optional(), tokenId: idField.optional(), failed: flag.optional() }),
    response: pageOf(loggedRequest),
  },
];
