'use client';

import Link from 'next/link';
import { useState } from 'react';
import { z } from 'zod';
import { ChangedMeanwhile } from '@/components/frame/changed-meanwhile';
import { FormDialog } from '@/components/frame/form-dialog';
import { JsonDiff } from '@/components/policies/json-diff';
import { Button } from '@/components/ui/button';
import { FormCheckbox, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useSetRoleRules } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import type { Permission } from '@/lib/client/shapes';
import { readNumber, typed } from '@/lib/client/typed';
import { roleRules } from '@/lib/contract/change-requests';
import { shownPermissionVersion } from '@/lib/verifying/versions';
import { ruleWords } from './rule-words';

const DEFAULT_MINUTES = 15;
/** Thirty days. */
const MOST_MINUTES = 43_200;

const { hardwareBoundOnly, reauthenticateMinutes } = roleRules.shape;
const rules = {
  hardwareBoundOnly,
  reauthenticateMinutes: typed(
    reauthenticateMinutes.unwrap(),
    `Give a whole number from 1 to ${MOST_MINUTES}.`,
    readNumber,
  ),
};
/** The minutes count only where the holder is asked again. */
const rulesForm = z
  .discriminatedUnion('asksAgain', [
    z.object({ ...rules, asksAgain: z.literal(true) }),
    z.object({ ...rules, asksAgain: z.literal(false), reauthenticateMinutes: z.string().transform(() => null) }),
  ])
  .transform(({ asksAgain, ...body }) => body);

const inputOf = ({ rules: held }: Permission) => ({
  hardwareBoundOnly: held?.hardwareBoundOnly ?? false,
  asksAgain: (held?.reauthenticateMinutes ?? null) !== null,
  reauthenticateMinutes: String(held?.reauthenticateMinutes ?? DEFAULT_MINUTES),
});
const shownOf = ({ name, operations, rules: held }: Permission) => ({ name, operations, rules: held ?? null });

const RulesDialog = ({ role: now, onClose }: { role: Permission; onClose: () => void }) => {
  const set = useSetRoleRules();
  const [role, setRole] = useState(now);
  const form = useZodForm(rulesForm, inputOf(role));
  const submit = (body: z.output<typeof rulesForm>) =>
    set.mutate(
      { params: { permissionId: role.id }, body, context: { replaces: shownPermissionVersion(role) } },
      {
        onSuccess: (answer) => {
          onClose();
          if (answer.kind === 'waits') toast.note('Waiting for approval', `The rules of “${role.name}” are governed.`);
          else toast.done(`Changed the rules of “${role.name}”`);
        },
      },
    );
  return (
    <FormDialog form={form} sending={set} title={`Rules of “${role.name}”`} onClose={onClose} onSubmit={submit}>
      <ChangedMeanwhile
        what="this role"
        opened={shownPermissionVersion(role)}
        now={shownPermissionVersion(now)}
        onReload={() => {
          setRole(now);
          form.reset(inputOf(now));
          set.reset();
        }}
      >
        <JsonDiff before={shownOf(role)} after={shownOf(now)} />
      </ChangedMeanwhile>
      <FormCheckbox
        form={form}
        name="hardwareBoundOnly"
        label="Hardware-bound passkeys only"
        note="Counts with a security key or another passkey that never leaves its device; not with a synced passkey, a key file or a token."
      />
      <FormCheckbox
        form={form}
        name="asksAgain"
        label="Ask its holder again"
        note="Each change is signed with a passkey, which verifies its user; to read, the last sign-in may be only so long ago. Keys and tokens don’t count."
      />
      {form.watch('asksAgain') && (
        <FormField form={form} name="reauthenticateMinutes" label="Minutes since signing in">
          {(control) => <Input {...control} inputMode="numeric" />}
        </FormField>
      )}
      <p className="text-muted">
        From then on the role counts only so, for votes and requests under way too. Signers check the first of these
        themselves, in what the authenticator signed.
      </p>
    </FormDialog>
  );
};

/** What a role asks of the proof with which it is used. */
export const RoleRules = ({ role }: { role: Permission }) => {
  const mayUpdate = useMay('Permissions:Update');
  const [changing, setChanging] = useState(false);
  const { pendingRules: pending } = role;
  return (
    <Section
      title="Rules"
      aside={
        mayUpdate &&
        !pending &&
        !role.isArchived && (
          <Button size="sm" onClick={() => setChanging(true)}>
            Change rules
          </Button>
        )
      }
    >
      <p>{role.rules ? `This role ${ruleWords(role.rules)}.` : 'None: any credential of its holder counts.'}</p>
      {pending && (
        <Notice
          tone="pending"
          title="Other rules wait for approval"
          className="mt-3"
          action={
            pending.approvalId && (
              <Button asChild size="sm">
                <Link href={`/console/approvals/${pending.approvalId}`}>Open approval</Link>
              </Button>
            )
          }
        >
          {ruleWords(pending.body)}
        </Notice>
      )}
      {changing && <RulesDialog role={role} onClose={() => setChanging(false)} />}
    </Section>
  );
};
