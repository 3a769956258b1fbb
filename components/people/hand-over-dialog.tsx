'use client';

import { z } from 'zod';
import { FormDialog } from '@/components/frame/form-dialog';
import { localTime, momentOf } from '@/components/roles/moment-field';
import { FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { minuteTime } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useCreateDelegation } from '@/lib/client/delegations';
import { mayDo } from '@/lib/client/may-do';
import { usePeople } from '@/lib/client/people';
import { useMay, useSession } from '@/lib/client/session';
import { typed } from '@/lib/client/typed';
import { delegationBody } from '@/lib/contract/delegations';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 90;

/** What is wrong with the times, or undefined. The API judges by its own clock. */
const timeProblem = (from: string | undefined, until: string): string | undefined => {
  const now = Date.now();
  const [begins, ends] = [Math.max(now, from === undefined ? now : Date.parse(from)), Date.parse(until)];
  if (ends <= begins) return 'It ends after it begins.';
  if (ends - begins > LONGEST_DAYS * DAY_MS) return 'It lasts 90 days at most.';
  return begins - now > 365 * DAY_MS ? 'It begins within a year.' : undefined;
};

const { toUserId, from, until } = delegationBody.shape;
const handOverForm = z
  .object({
    toUserId: typed(toUserId, 'Choose who decides in your place.'),
    from: typed(from, 'Say from when, or nothing for now.', momentOf),
    until: typed(until, 'Say until when.', momentOf),
  })
  .transform(({ from, ...rest }, context) => {
    const message = timeProblem(from, rest.until);
    if (message) context.addIssue({ code: 'custom', path: ['until'], message });
    return { ...rest, ...(from !== undefined && { from }) };
  });

/** Hands the reader's seats over to another person for a time. */
export const HandOverDialog = ({ onClose }: { onClose: () => void }) => {
  const me = useSession().data?.userId;
  const mayRead = useMay('Auth:Users:Read');
  const people = usePeople({ enabled: mayRead }).table.rows;
  const handOver = useCreateDelegation();
  const form = useZodForm(handOverForm, { toUserId: '', from: '', until: localTime(Date.now() + 7 * DAY_MS) });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const submit = (body: z.output<typeof handOverForm>) =>
    handOver.mutate(
      { body },
      {
        onSuccess: () => {
          const to = people.find((one) => one.userId === body.toUserId)?.username ?? body.toUserId;
          toast.done('Seats handed over', `${to} decides in your place until ${minuteTime(body.until)}.`);
          onClose();
        },
      },
    );
  const options = people
    .filter((one) => one.userId !== me && one.isActive && one.isRegistered)
    .map((one) => {
      const may = mayDo(one, ['Policies:Approvals:Approve']);
      return { value: one.userId, label: one.username, disabled: !may, ...(!may && { note: 'may not approve' }) };
    });
  return (
    <FormDialog
      form={form}
      sending={handOver}
      title="Hand over my seats"
      description="In approvals whose groups name you. Seats that others handed over to you stay with you."
      leave="Keep them"
      sign="Hand over with passkey"
      isSignable={mayRead}
      onClose={onClose}
      onSubmit={submit}
    >
      {!mayRead && (
        <Notice tone="pending" title="You may not see people">
          Choosing somebody needs the permission Auth:Users:Read. Anybody who may assign roles can give you a role that
          holds it.
        </Notice>
      )}
      <FormField form={form} name="toUserId" label="To">
        {(control) => <Select {...control} options={options} placeholder="Choose a person" />}
      </FormField>
      <FormField form={form} name="from" label="From" optional hint={form.watch('from') === '' ? 'Now' : zone}>
        {(control) => <Input {...control} type="datetime-local" />}
      </FormField>
      <FormField form={form} name="until" label="Until" hint={`${zone}; 90 days at most`}>
        {(control) => <Input {...control} type="datetime-local" />}
      </FormField>
      <p className="text-muted">
        Your own vote goes on counting, and a seat is filled once: whoever of you decides first. Both names are kept
        with every decision. Either of you can end it at any time.
      </p>
    </FormDialog>
  );
};
