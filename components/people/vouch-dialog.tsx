'use client';

import { KeyRound } from 'lucide-react';
import type { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useVouch } from '@/lib/client/organisation';
import type { User, UserCredential } from '@/lib/client/shapes';
import { fingerprintOf } from './fingerprint-of';
import { ComparedFingerprint, fingerprintForm } from './typed-fingerprint';

/**
 * Vouches over the fingerprint that the other person reads out. It is typed here and never filled in from the server:
 * the server is what vouching protects against.
 */
export const VouchDialog = ({
  person,
  credential,
  open,
  onOpenChange,
}: {
  person: User;
  /** The key that does not count yet. */
  credential: UserCredential;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const vouch = useVouch();
  const form = useZodForm(fingerprintForm, { fingerprint: '' });
  const held = fingerprintOf(credential);
  const submit = ({ fingerprint }: z.output<typeof fingerprintForm>) =>
    vouch.mutate(
      { params: { userId: person.userId }, body: { credentialUuid: credential.uuid, fingerprint } },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.done(`You vouched for ${person.username}`, 'Their passkey counts at the signers from now on.');
        },
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Vouch for ${person.username}`}
      description="You state that this passkey is theirs. The signers will believe you."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button type="submit" form={form.id} look="primary" busy={vouch.isPending}>
            <KeyRound aria-hidden />
            Vouch with passkey
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-3" onSubmit={submit}>
        <ol className="list-decimal space-y-1 pl-5">
          <li>Meet them or call them on a number you know.</li>
          <li>They open Settings and read you the fingerprint of their passkey.</li>
          <li>Type what they read. It must be the one this server holds.</li>
        </ol>
        <div className="rounded-md border bg-sunken px-3 py-2">
          <p className="text-muted text-xs">
            This server holds for {person.username}, “{credential.name}”
          </p>
          <p className="break-all font-mono text-xs leading-5">{held}</p>
        </div>
        <FormField form={form} name="fingerprint" label="Fingerprint">
          {(control) => <Input mono {...control} placeholder="SHA256:…" />}
        </FormField>
        <ComparedFingerprint typed={form.watch()} held={held} differ="The two differ. Don’t vouch.">
          Check what you typed. If they really read this to you, the server holds another key than theirs: tell another
          administrator and your operator.
        </ComparedFingerprint>
        <FormProblem form={form} error={vouch.error} />
      </Form>
    </Dialog>
  );
};
