'use client';

import { z } from 'zod';
import { FormDialog } from '@/components/frame/form-dialog';
import { minutesWords, reminderWords } from '@/components/policies/words';
import { FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useSetReminders } from '@/lib/client/reminders';
import type { ReminderSchedule } from '@/lib/client/shapes';
import { readNumber, typed } from '@/lib/client/typed';
import { reminderSchedule } from '@/lib/contract/reminders';

const { everyMinutes, atMost } = reminderSchedule.shape;
const remindersForm = z.object({
  everyMinutes: typed(everyMinutes, 'Give a whole number from 5 to 43,200, thirty days.', readNumber),
  atMost: typed(atMost, 'Give a whole number from 0 to 20.', readNumber),
});

/** How often, and how many times at most. */
export const RemindersDialog = ({ schedule, onClose }: { schedule: ReminderSchedule; onClose: () => void }) => {
  const set = useSetReminders();
  const form = useZodForm(remindersForm, {
    everyMinutes: String(schedule.everyMinutes),
    atMost: String(schedule.atMost),
  });
  const read = remindersForm.shape.everyMinutes.safeParse(form.watch('everyMinutes'));
  const submit = (body: z.output<typeof remindersForm>) =>
    set.mutate(
      { body },
      {
        onSuccess: () => {
          onClose();
          toast.done('Changed the reminders', `Those who are awaited are ${reminderWords(body)}.`);
        },
      },
    );
  return (
    <FormDialog
      form={form}
      sending={set}
      title="Reminders of approvals"
      description="For everybody whom an approval waits for. A reminder leads to the console; nothing is approved by mail."
      onClose={onClose}
      onSubmit={submit}
    >
      <FormField
        form={form}
        name="everyMinutes"
        label="Minutes between reminders"
        hint={read.success && minutesWords(read.data)}
      >
        {(control) => <Input {...control} inputMode="numeric" />}
      </FormField>
      <FormField form={form} name="atMost" label="Reminders at most" hint="0 sends none.">
        {(control) => <Input {...control} inputMode="numeric" />}
      </FormField>
    </FormDialog>
  );
};
