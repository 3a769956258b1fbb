'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { JsonDiff } from '@/components/policies/json-diff';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useChangeSettings, useOrganisation } from '@/lib/client/organisation';
import { useMay } from '@/lib/client/session';
import type { Organisation } from '@/lib/client/shapes';
import { shownSettingsVersion } from '@/lib/verifying/versions';

const textOf = (minutes: number | null): string => (minutes === null ? '' : String(minutes));
/** Null for an empty field, NaN for what is no whole number of minutes up to thirty days. */
const minutesOf = (text: string, least: number): number | null => {
  if (text.trim() === '') return null;
  const minutes = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return minutes >= least && minutes <= 43_200 ? minutes : Number.NaN;
};

const SettingsDialog = ({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) => {
  const change = useChangeSettings();
  const before = { strict: organisation.strict, origins: organisation.origins, sessions: organisation.sessions };
  const [strict, setStrict] = useState(before.strict);
  const [origins, setOrigins] = useState(before.origins.join(' '));
  const [life, setLife] = useState(textOf(before.sessions.lifeMinutes));
  const [idle, setIdle] = useState(textOf(before.sessions.idleMinutes));
  const sessions = { lifeMinutes: minutesOf(life, 5), idleMinutes: minutesOf(idle, 1) };
  const body = { strict, origins: origins.split(/[\s,]+/).filter((origin) => origin !== ''), sessions };
  const isReadable = body.origins.length > 0 && Object.values(sessions).every((minutes) => !Number.isNaN(minutes));
  const submit = () =>
    change.mutate(
      { body, context: { replaces: shownSettingsVersion(before) } },
      {
        onSuccess: (answer) => {
          onClose();
          if (answer.kind === 'waits') toast.note('Waiting for approval', 'The change of settings is governed.');
          else toast.done('Changed the settings');
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Settings of the organisation"
      footer={
        <>
          <Button onClick={onClose}>Leave them</Button>
          <Button look="primary" busy={change.isPending} disabled={!isReadable} onClick={submit}>
            <KeyRound aria-hidden />
            Save with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Checkbox
          checked={strict}
          onChange={setStrict}
          label="Strict"
          note="Every approval group names a person, and after a recovery new credentials wait a day."
        />
        <Field
          label="Origins"
          hint={`Where passkeys sign: ${organisation.rpId} and names below it. Passkeys used elsewhere are refused, by every signer.`}
          error={body.origins.length === 0 ? 'Name at least one.' : undefined}
        >
          <Input value={origins} onChange={(event) => setOrigins(event.target.value)} />
        </Field>
        <Field
          label="Minutes a sign-in lasts"
          optional
          hint="However much it is used. It only shortens the operator’s limit."
          error={Number.isNaN(sessions.lifeMinutes) ? 'Give a whole number from 5 to 43200.' : undefined}
        >
          <Input value={life} inputMode="numeric" onChange={(event) => setLife(event.target.value)} />
        </Field>
        <Field
          label="Minutes it lasts unused"
          optional
          error={Number.isNaN(sessions.idleMinutes) ? 'Give a whole number from 1 to 43200.' : undefined}
        >
          <Input value={idle} inputMode="numeric" onChange={(event) => setIdle(event.target.value)} />
        </Field>
        {isReadable && <JsonDiff before={before} after={body} />}
        <SigningProblem error={change.error} />
      </div>
    </Dialog>
  );
};

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
