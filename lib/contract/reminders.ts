import { z } from 'zod';
import type { Operation } from './operation';

/** When those who are awaited are reminded by mail; `atMost` 0 is never. */
export const reminderSchedule = z.strictObject({
  everyMinutes: z.number().int().min(5).max(43_200),
  atMost: z.number().int().min(0).max(20),
});

const path = '/x/organisation/reminders';

/** Reminders of an organisation (our addition, docs/approvals.md). They move nothing, so the ledger holds no entry of them. */
export const REMINDERS: readonly Operation[] = [
  {
    id: 'x.getReminders',
    method: 'GET',
    path,
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    permission: ['Policies:Read'],
    response: reminderSchedule,
  },
  {
    // Signed, so that a stolen bearer token can't silence reminders.
    id: 'x.setReminders',
    method: 'PUT',
    path,
    access: 'bearer',
    userAction: true,
    governs: 'session',
    built: true,
    permission: ['Policies:Update'],
    body: reminderSchedule,
    response: reminderSchedule,
  },
];
