'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Problem } from '@/components/frame/problem';
import { everyWords } from '@/components/policies/words';
import { Button } from '@/components/ui/button';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { useReminders } from '@/lib/client/reminders';
import { useMay } from '@/lib/client/session';

const RemindersDialog = dynamic(() => import('./reminders-dialog').then((module) => module.RemindersDialog), {
  ssr: false,
});

/** When those whom approvals wait for are reminded. */
export const Reminders = () => {
  const mayRead = useMay('Policies:Read');
  const mayChange = useMay('Policies:Update');
  const { data, error, refetch } = useReminders({ enabled: mayRead });
  const [changing, setChanging] = useState(false);
  if (!mayRead) return null;
  return (
    <Section
      title="Reminders of approvals"
      aside={
        mayChange ? (
          data && (
            <Button size="sm" onClick={() => setChanging(true)}>
              Change reminders
            </Button>
          )
        ) : (
          <span className="text-faint text-xs">Changing needs Policies:Update</span>
        )
      }
    >
      {error && !data ? (
        <Problem error={error} what="the reminders" onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-4 w-64" />
      ) : (
        <FactsList
          rows={[
            fact('Told by mail', 'at once, and again when a group asks more people'),
            fact('Reminded', data.atMost === 0 ? 'never' : everyWords(data.everyMinutes)),
            fact('At most', data.atMost === 0 ? null : data.atMost === 1 ? 'once' : `${data.atMost} times`),
          ]}
        />
      )}
      {changing && data && <RemindersDialog schedule={data} onClose={() => setChanging(false)} />}
    </Section>
  );
};
