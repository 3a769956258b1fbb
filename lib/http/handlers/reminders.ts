import { type ReminderSchedule, readSchedule, writeSchedule } from '@/lib/db/approval-reminders';
import { pgSql } from '@/lib/db/sql';
import { callerOf, type Handler, type Handlers } from '../handler';

const getReminders: Handler = async (request, services) => ({
  body: await readSchedule(pgSql(services.db.pool), callerOf(request).org.id),
});

const setReminders: Handler = async (request, services) => {
  const schedule = request.body as ReminderSchedule;
  await writeSchedule(pgSql(services.db.pool), callerOf(request).org.id, schedule);
  return { body: schedule };
};

export const REMINDER_HANDLERS: Handlers = { 'x.getReminders': getReminders, 'x.setReminders': setReminders };
