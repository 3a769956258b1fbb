'use client';

import { useEffect, useState } from 'react';
import { NOTIFY_KEY } from '@/components/frame/use-notify';
import { Checkbox } from '@/components/ui/checkbox';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Section } from '@/components/ui/section';
import { useSession } from '@/lib/client/session';

/** How the reader hears that something waits for them. */
export const Notifications = () => {
  const user = useSession().data?.user;
  const [isOn, setOn] = useState(false);
  const [permission, setPermission] = useState<NotificationPermission | 'absent'>('absent');
  useEffect(() => {
    setOn(localStorage.getItem(NOTIFY_KEY) === 'on');
    setPermission('Notification' in window ? Notification.permission : 'absent');
  }, []);
  const change = async (next: boolean) => {
    const answer = next ? await Notification.requestPermission() : permission;
    setPermission(answer);
    const allowed = next && answer === 'granted';
    setOn(allowed);
    localStorage.setItem(NOTIFY_KEY, allowed ? 'on' : 'off');
  };
  return (
    <Section title="Notifications">
      <div className="space-y-4">
        <Checkbox
          checked={isOn && permission === 'granted'}
          disabled={permission === 'absent' || permission === 'denied'}
          onChange={(next) => void change(next)}
          label="Tell me in this browser when something waits for me"
          note={
            permission === 'absent'
              ? 'This browser offers no notifications.'
              : permission === 'denied'
                ? 'The browser forbids it for this site. Allow notifications in its site settings first.'
                : 'While the console is open and you look elsewhere. Kept in this browser.'
          }
        />
        <FactsList rows={[fact('Codes by mail to', user?.username)]} />
      </div>
    </Section>
  );
};
