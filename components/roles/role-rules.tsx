'use client';

import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useSetRoleRules } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import type { Permission } from '@/lib/client/shapes';
import { shownPermissionVersion } from '@/lib/verifying/versions';
import { ruleWords } from './rule-words';

const DEFAULT_MINUTES = 15;
/** Thirty days. */
const MOST_MINUTES = 43_200;

const RulesDialog = ({ role, onClose }: { role: Permission; onClose: () => void }) => {
  const set = useSetRoleRules();
  const [hardwareBoundOnly, setHardware] = useState(role.rules?.hardwareBoundOnly ?? false);
  const [asksAgain, setAsksAgain] = useState((role.rules?.reauthenticateMinutes ?? null) !== null);
  const [minutes, setMinutes] = useState(String(role.rules?.reauthenticateMinutes ?? DEFAULT_MINUTES));
  const isWhole = /^\d{1,5}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= MOST_MINUTES;
  const submit = () => {
    if (asksAgain && !isWhole) return;
    const body = { hardwareBoundOnly, reauthenticateMinutes: asksAgain ? Number(minutes) : null };
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
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rules of “${role.name}”`}
      footer={
        <>
          <Button onClick={onClose}>Leave them</Button>
          <Button look="primary" busy={set.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Save with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Checkbox
          checked={hardwareBoundOnly}
          onChange={setHardware}
          label="Hardware-bound passkeys only"
          note="Counts with a security key or another passkey that never leaves its device; not with a synced passkey, a key file or a token."
        />
        <Checkbox
          checked={asksAgain}
          onChange={setAsksAgain}
          label="Ask its holder again"
          note="Each change is signed with a passkey, which verifies its user; to read, the last sign-in may be only so long ago. Keys and tokens don’t count."
        />
        {asksAgain && (
          <Field
            label="Minutes since signing in"
            error={isWhole ? undefined : `Give a whole number from 1 to ${MOST_MINUTES}.`}
          >
            <Input value={minutes} inputMode="numeric" onChange={(event) => setMinutes(event.target.value)} />
          </Field>
        )}
        <p className="text-muted">
          From then on the role counts only so, for votes and requests under way too. Signers check the first of these
          themselves, in what the authenticator signed.
        </p>
        <SigningProblem error={set.error} />
      </div>
    </Dialog>
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
