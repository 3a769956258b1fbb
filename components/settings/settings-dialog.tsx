'use client';

import { useState } from 'react';
import { z } from 'zod';
import { ChangedMeanwhile } from '@/components/frame/changed-meanwhile';
import { FormDialog } from '@/components/frame/form-dialog';
import { JsonDiff } from '@/components/policies/json-diff';
import { FormCheckbox, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useChangeSettings } from '@/lib/client/organisation';
import type { Organisation } from '@/lib/client/shapes';
import { readNumber, readWords, typed } from '@/lib/client/typed';
import { orgSettings } from '@/lib/contract/change-requests';
import { shownSettingsVersion } from '@/lib/verifying/versions';

const textOf = (minutes: number | null): string => (minutes === null ? '' : String(minutes));

const { strict, origins, sessions } = orgSettings.shape;
const { lifeMinutes, idleMinutes } = sessions.shape;
const settingsForm = z
  .object({
    strict,
    origins: typed(origins, 'Name at least one, and at most 20.', readWords),
    lifeMinutes: typed(lifeMinutes, 'Give a whole number from 5 to 43,200.', readNumber),
    idleMinutes: typed(idleMinutes, 'Give a whole number from 1 to 43,200.', readNumber),
  })
  .transform(({ lifeMinutes, idleMinutes, ...rest }) => ({ ...rest, sessions: { lifeMinutes, idleMinutes } }));

const settingsOf = ({ strict, origins, sessions }: Organisation) => ({ strict, origins, sessions });
const inputOf = ({ strict, origins, sessions }: ReturnType<typeof settingsOf>) => ({
  strict,
  origins: origins.join(' '),
  lifeMinutes: textOf(sessions.lifeMinutes),
  idleMinutes: textOf(sessions.idleMinutes),
});

/** Strictness, origins and limits of sign-ins, all at once. */
export const SettingsDialog = ({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) => {
  const change = useChangeSettings();
  const now = settingsOf(organisation);
  const [before, setBefore] = useState(now);
  const form = useZodForm(settingsForm, inputOf(before));
  const after = settingsForm.safeParse(form.watch());
  const submit = (body: z.output<typeof settingsForm>) =>
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
    <FormDialog form={form} sending={change} title="Settings of the organisation" onClose={onClose} onSubmit={submit}>
      <ChangedMeanwhile
        what="the settings"
        opened={shownSettingsVersion(before)}
        now={shownSettingsVersion(now)}
        onReload={() => {
          setBefore(now);
          form.reset(inputOf(now));
          change.reset();
        }}
      >
        <JsonDiff before={before} after={now} />
      </ChangedMeanwhile>
      <FormCheckbox
        form={form}
        name="strict"
        label="Strict"
        note="Every approval group names a person, and after a recovery new credentials wait a day."
      />
      <FormField
        form={form}
        name="origins"
        label="Origins"
        hint={`Where passkeys sign: ${organisation.rpId} and names below it. Passkeys used elsewhere are refused, by every signer.`}
      >
        {(control) => <Input {...control} />}
      </FormField>
      <FormField
        form={form}
        name="lifeMinutes"
        label="Minutes a sign-in lasts"
        optional
        hint="However much it is used. It only shortens the operator’s limit."
      >
        {(control) => <Input {...control} inputMode="numeric" />}
      </FormField>
      <FormField form={form} name="idleMinutes" label="Minutes it lasts unused" optional>
        {(control) => <Input {...control} inputMode="numeric" />}
      </FormField>
      {after.success && <JsonDiff before={before} after={after.data} />}
    </FormDialog>
  );
};
