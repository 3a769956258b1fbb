import { callerOf, type Handler, type Handlers } from '../handler';
import type { ReminderSchedule } from '../services';

const getReminders: Handler = async (request, services) => ({
  body: await services.reminders.read(callerOf(request).org.id),
});

const setReminders: Handler = async (request, services) => {
  const schedule = request.body as ReminderSchedule;
  await services.reminders.write(callerOf(request).org.id, schedule);
  return { body: schedule };
};

export const REMINDER_HANDLERS: Handlers = { 'x.getReminders': getReminders, 'x.setReminders': setReminders };
