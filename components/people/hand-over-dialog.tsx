'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { localTime, momentOf } from '@/components/roles/moment-field';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { minuteTime } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useCreateDelegation } from '@/lib/client/delegations';
import { usePeople } from '@/lib/client/people';
import { mayDo, useMay, useSession } from '@/lib/client/session';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 90;

/** What is wrong with the times, or undefined. The API judges by its own clock. */
const timeProblem = (from: string | undefined, until: string | undefined): string | undefined => {
  if (until === undefined) return 'Say until when.';
  const now = Date.now();
  const [begins, ends] = [Math.max(now, from === undefined ? now : Date.parse(from)), Date.parse(until)];
  if (ends <= begins) return 'It ends after it begins.';
  if (ends - begins > LONGEST_DAYS * DAY_MS) return 'It lasts 90 days at most.';
  return begins - now > 365 * DAY_MS ? 'It begins within a year.' : undefined;
};

/** Hands the reader's seats over to another person for a time. */
export const HandOverDialog = ({ onClose }: { onClose: () => void }) => {
  const me = useSession().data?.userId;
  const mayRead = useMay('Auth:Users:Read');
  const people = usePeople({ enabled: mayRead }).table.rows;
  const handOver = useCreateDelegation();
  const [toUserId, setTo] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState(() => localTime(Date.now() + 7 * DAY_MS));
  const [tried, setTried] = useState(false);
  const times = { from: momentOf(from), until: momentOf(until) };
  const problem = timeProblem(times.from, times.until);
  const to = people.find((one) => one.userId === toUserId);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const submit = () => {
    setTried(true);
    if (!to || problem || times.until === undefined) return;
    handOver.mutate(
      { body: { toUserId, ...(times.from && { from: times.from }), until: times.until } },
      {
        onSuccess: () => {
          toast.done('Seats handed over', `${to.username} decides in your place until ${minuteTime(until)}.`);
          onClose();
        },
      },
    );
  };
  const options = people
    .filter((one) => one.userId !== me && one.isActive && one.isRegistered)
    .map((one) => {
      const may = mayDo(one, ['Policies:Approvals:Approve']);
      return { value: one.userId, label: one.username, disabled: !may, ...(!may && { note: 'may not approve' }) };
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Hand over my seats"
      description="In approvals that name you. What names nobody is not handed over, nor what others handed to you."
      footer={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button look="primary" busy={handOver.isPending} disabled={!mayRead} onClick={submit}>
            <KeyRound aria-hidden />
            Hand over with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {!mayRead && (
          <Notice tone="pending" title="You may not see people">
            Choosing somebody needs the permission Auth:Users:Read. Anybody who may assign roles can give you a role
            that holds it.
          </Notice>
        )}
        <Field label="To" error={tried && !to ? 'Choose who decides in your place.' : undefined}>
          <Select value={toUserId} onChange={setTo} options={options} placeholder="Choose a person" />
        </Field>
        <Field label="From" optional hint={from === '' ? 'Now' : zone}>
          <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="Until" hint={`${zone}; 90 days at most`} error={tried ? problem : undefined}>
          <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
        </Field>
        <p className="text-muted">
          Your own vote goes on counting, and a seat is filled once: whoever of you decides first. Both names are kept
          with every decision. Either of you can end it at any time.
        </p>
        <SigningProblem error={handOver.error} />
      </div>
    </Dialog>
  );
};
