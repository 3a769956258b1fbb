'use client';

import Link from 'next/link';
import { Checkbox } from '@/components/ui/checkbox';
import { FormField } from '@/components/ui/form';
import { useReminders } from '@/lib/client/reminders';
import { useMay } from '@/lib/client/session';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { NumberInput } from './number-input';
import type { PolicyFormOf } from './policy-problems';
import { minutesWords, reminderWords } from './words';

type Action = Extract<PolicyDefinition['action'], { kind: 'RequestApproval' }>;

const RemindersLine = () => {
  const { data } = useReminders({ enabled: useMay('Policies:Read') });
  return (
    <p className="text-muted text-xs">
      {data ? `Those who are awaited are ${reminderWords(data)}.` : 'Those who are awaited are reminded by mail.'} That
      is set for the whole organisation under{' '}
      <Link href="/console/settings" prefetch={false} className="font-medium text-ink underline">
        Settings
      </Link>
      .
    </p>
  );
};

/** When an approval runs out, how long what it allows waits all the same, and when people are reminded. */
export const DelayFields = ({
  form,
  action,
  canWait,
  onChange,
}: {
  form: PolicyFormOf;
  action: Action;
  /** Only requests for signatures can be made to wait. */
  canWait: boolean;
  onChange: (action: Action) => void;
}) => {
  const { minimumDelay, ...undelayed } = action;
  return (
    <div className="space-y-3">
      <Checkbox
        checked={action.autoRejectTimeout != null}
        onChange={(on) => onChange({ ...action, autoRejectTimeout: on ? 1440 : null })}
        label="Reject when nobody decides in time"
      />
      {action.autoRejectTimeout != null && (
        <div className="pl-6">
          <FormField
            form={form}
            name="action.autoRejectTimeout"
            label="Minutes"
            hint={minutesWords(action.autoRejectTimeout)}
          >
            {(control) => <NumberInput {...control} />}
          </FormField>
        </div>
      )}
      {canWait && (
        <Checkbox
          checked={minimumDelay !== undefined}
          onChange={(on) => onChange(on ? { ...action, minimumDelay: 60 } : undelayed)}
          label="Let it wait before it is signed, however fast it is approved"
          note="Counted from the request. Until then it can be taken back. Signers keep to it too."
        />
      )}
      {canWait && minimumDelay !== undefined && (
        <div className="pl-6">
          <FormField
            form={form}
            name="action.minimumDelay"
            label="Minutes from request to signature at least"
            hint={minutesWords(minimumDelay)}
          >
            {(control) => <NumberInput {...control} />}
          </FormField>
        </div>
      )}
      <RemindersLine />
    </div>
  );
};
