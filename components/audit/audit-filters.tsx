'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useNames } from '@/components/people/use-names';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { AuditFilter } from '@/lib/client/audit';

const ALL = 'all';

const KINDS = [
  { value: ALL, label: 'Every kind' },
  { value: 'people', label: 'What people did' },
  { value: 'signers', label: 'What signers did' },
  { value: 'chain', label: 'Chain and clock' },
  { value: 'checkpoints', label: 'Checkpoints' },
] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** Midnight of the reader's day, as the API's time. */
const startOf = (day: string, addDays = 0): string | undefined => {
  const at = DAY.test(day) ? new Date(`${day}T00:00:00`) : null;
  return at && !Number.isNaN(at.getTime()) ? new Date(at.getTime() + addDays * DAY_MS).toISOString() : undefined;
};

/** What the URL asks for; days are the reader's and inclusive. */
export const useAuditFilter = (): AuditFilter => {
  const params = useSearchParams();
  const [userId, topic] = [params.get('person'), params.get('kind')];
  const [from, to] = [startOf(params.get('from') ?? ''), startOf(params.get('to') ?? '', 1)];
  return {
    ...(userId && { userId }),
    ...(topic && KINDS.some(({ value }) => value === topic) && { topic }),
    ...(from && { from }),
    ...(to && { to }),
  };
};

/** Person, kind and days, kept in the URL so that a link shows the same list. */
export const AuditFilters = () => {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const names = useNames();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value === '' || value === ALL) next.delete(name);
    else next.set(name, value);
    router.replace(next.size > 0 ? `${pathname}?${next}` : pathname, { scroll: false });
  };
  const people = [...names].map(([value, { label }]) => ({ value, label }));
  return (
    <div className="grid grid-cols-2 gap-2 border-b px-3 py-1.5 sm:flex sm:flex-wrap sm:px-5">
      <Select
        aria-label="Person"
        className="h-7 sm:w-48"
        value={params.get('person') ?? ALL}
        onChange={(value) => set('person', value)}
        options={[{ value: ALL, label: 'Everybody' }, ...people]}
      />
      <Select
        aria-label="Kind"
        className="h-7 sm:w-40"
        value={params.get('kind') ?? ALL}
        onChange={(value) => set('kind', value)}
        options={KINDS}
      />
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <label htmlFor="audit-from">From</label>
        <Input
          id="audit-from"
          type="date"
          className="h-7 min-w-0 sm:w-36"
          value={params.get('from') ?? ''}
          onChange={(event) => set('from', event.target.value)}
        />
      </span>
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <label htmlFor="audit-to">To</label>
        <Input
          id="audit-to"
          type="date"
          className="h-7 min-w-0 sm:w-36"
          value={params.get('to') ?? ''}
          onChange={(event) => set('to', event.target.value)}
        />
      </span>
    </div>
  );
};
