'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { minutesWords, reminderWords } from '@/components/policies/words';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useSetReminders } from '@/lib/client/reminders';
import type { ReminderSchedule } from '@/lib/client/shapes';
import { reminderSchedule } from '@/lib/contract/reminders';

/** Whole numbers only; NaN for what is none. */
const wholeOf = (text: string): number => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN);

/** How often, and how many times at most. */
export const RemindersDialog = ({ schedule, onClose }: { schedule: ReminderSchedule; onClose: () => void }) => {
  const set = useSetReminders();
  const [every, setEvery] = useState(String(schedule.everyMinutes));
  const [atMost, setAtMost] = useState(String(schedule.atMost));
  const body = { everyMinutes: wholeOf(every), atMost: wholeOf(atMost) };
  const { shape } = reminderSchedule;
  const problems = {
    every: shape.everyMinutes.safeParse(body.everyMinutes).success
      ? undefined
      : 'Give a whole number from 5 to 43200, thirty days.',
    atMost: shape.atMost.safeParse(body.atMost).success ? undefined : 'Give a whole number from 0 to 20.',
  };
  const isReadable = !problems.every && !problems.atMost;
  const submit = () =>
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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Reminders of approvals"
      description="For everybody whom an approval waits for. A reminder leads to the console; nothing is approved by mail."
      footer={
        <>
          <Button onClick={onClose}>Leave them</Button>
          <Button look="primary" busy={set.isPending} disabled={!isReadable} onClick={submit}>
            <KeyRound aria-hidden />
            Save with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Field
          label="Minutes between reminders"
          hint={problems.every ? undefined : minutesWords(body.everyMinutes)}
          error={problems.every}
        >
          <Input value={every} inputMode="numeric" onChange={(event) => setEvery(event.target.value)} />
        </Field>
        <Field label="Reminders at most" hint="0 sends none." error={problems.atMost}>
          <Input value={atMost} inputMode="numeric" onChange={(event) => setAtMost(event.target.value)} />
        </Field>
        <SigningProblem error={set.error} />
      </div>
    </Dialog>
  );
};
