'use client';

import { KeyRound } from 'lucide-react';
import type { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { ComparedFingerprint, fingerprintForm, isSameFingerprint } from '@/components/people/typed-fingerprint';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useActivateCredential } from '@/lib/client/credentials';
import { pemFingerprint } from '@/lib/client/fingerprint';
import type { Credential } from '@/lib/client/shapes';

const DIFFER = 'The two differ. Don’t activate it.';

/**
 * Lets one of the person's credentials count. Which key it is they type from the device on which it lies: the list is the server's, and
 * could hold a key of the server's own.
 */
export const ActivateCredential = ({
  credential,
  publicKey,
  onClose,
}: {
  credential: Credential;
  /** SPKI PEM, which the signature names. */
  publicKey: string;
  onClose: () => void;
}) => {
  const activate = useActivateCredential();
  const form = useZodForm(fingerprintForm, { fingerprint: '' });
  const held = pemFingerprint(publicKey) ?? '';
  const submit = ({ fingerprint }: z.output<typeof fingerprintForm>) => {
    if (!isSameFingerprint(fingerprint, held)) return form.setError('fingerprint', { message: DIFFER });
    activate.mutate(
      { body: { credentialUuid: credential.credentialUuid }, context: { publicKey } },
      {
        onSuccess: () => {
          toast.done(`Activated “${credential.name}”`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Activate “${credential.name}”?`}
      description="Its signatures count from then on, at the signers too."
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" form={form.id} look="primary" busy={activate.isPending}>
            <KeyRound aria-hidden />
            Activate with passkey
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-3" onSubmit={submit}>
        <p>
          Type the fingerprint that the device showed on which this key was made. It must be the one this server holds.
        </p>
        <div className="rounded-md border bg-sunken px-3 py-2">
          <p className="text-muted text-xs">This server holds for “{credential.name}”</p>
          <p className="break-all font-mono text-xs leading-5">{held}</p>
        </div>
        <FormField form={form} name="fingerprint" label="Fingerprint">
          {(control) => <Input mono {...control} placeholder="SHA256:…" />}
        </FormField>
        <ComparedFingerprint typed={form.watch()} held={held} differ={DIFFER}>
          Check what you typed. If the device really showed this, the server holds another key than yours: tell another
          administrator and your operator.
        </ComparedFingerprint>
        <FormProblem form={form} error={activate.error} />
      </Form>
    </Dialog>
  );
};
