'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { ReminderSchedule } from './shapes';
import { useSigned } from './use-signed';

const KEY = [...QUERY.organisation, 'reminders'];

/** When those whom approvals wait for are reminded by mail. */
export const useReminders = (options: { readonly enabled: boolean }) =>
  useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => read<ReminderSchedule>('x.getReminders', { signal }),
    staleTime: 30_000,
    ...options,
  });

export const useSetReminders = () => useSigned<ReminderSchedule>('x.setReminders', [KEY]);
