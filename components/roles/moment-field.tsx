'use client';

import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** A time, unix ms, as the reader's own for an `input` of type datetime-local, to the minute. */
export const localTime = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** ISO time of a local one, or undefined where it is empty or not a time. */
export const momentOf = (local: string): string | undefined => {
  const time = new Date(local);
  return local === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

/** Now, or a past moment in the reader's own time. */
export const MomentField = ({ value, onChange }: { value: string; onChange: (local: string) => void }) => (
  <div className="flex items-end gap-2">
    <Field label="As of" hint={value === '' ? 'Now' : Intl.DateTimeFormat().resolvedOptions().timeZone}>
      <Input
        type="datetime-local"
        max={localTime(Date.now())}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="w-56"
      />
    </Field>
    {value !== '' && (
      <Button size="sm" look="quiet" className="mb-5" onClick={() => onChange('')}>
        Now
      </Button>
    )}
  </div>
);
