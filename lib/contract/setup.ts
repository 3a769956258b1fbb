import { z } from 'zod';
import { displayName, text } from './fields';
import type { Operation } from './operation';

/** What the one-time link of a first start asks for. */
export const setUpBody = z.strictObject({ token: text(64), organisation: displayName, username: text(320) });

export const SETUP: readonly Operation[] = [
  {
    id: 'x.setUp',
    method: 'POST',
    path: '/x/setup',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: setUpBody,
    response: z.object({ orgId: z.string(), userId: z.string(), username: z.string(), registrationCode: z.string() }),
  },
];
