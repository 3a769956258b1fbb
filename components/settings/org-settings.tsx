'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Section } from '@/components/ui/section';
import { useOrganisation } from '@/lib/client/organisation';
import { useMay } from '@/lib/client/session';

const SettingsDialog = dynamic(() => import('./settings-dialog').then((module) => module.SettingsDialog), {
  ssr: false,
});

/** What the organisation sets for itself; each change is a governed entry. */
export const OrgSettings = () => {
  const { data } = useOrganisation();
  const mayChange = useMay('Policies:Update');
  const [changing, setChanging] = useState(false);
  if (!data) return null;
  const { lifeMinutes, idleMinutes } = data.sessions;
  const words = (minutes: number | null) => (minutes === null ? 'the operator’s limit' : `${minutes} minutes`);
  return (
    <Section
      title="Rules"
      aside={
        mayChange && (
          <Button size="sm" onClick={() => setChanging(true)}>
            Change settings
          </Button>
        )
      }
    >
      <FactsList
        rows={[
          fact('Strict', data.strict ? 'yes' : 'no'),
          fact('Origins', data.origins.join(', ')),
          fact('A sign-in lasts', words(lifeMinutes)),
          fact('Unused it lasts', words(idleMinutes)),
        ]}
      />
      {changing && <SettingsDialog organisation={data} onClose={() => setChanging(false)} />}
    </Section>
  );
};
