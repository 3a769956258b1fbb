'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { passkeyName } from '@/components/entry/account-fields';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useAddPasskey } from '@/lib/client/credentials';

const passkeyForm = z.object({ name: passkeyName('Second passkey') });

/** A further passkey: made on the new device, signed for with one that already counts. */
export const AddPasskey = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const add = useAddPasskey();
  const form = useZodForm(passkeyForm, { name: '' });
  const [step, setStep] = useState<'create' | 'sign' | null>(null);
  const submit = ({ name }: z.output<typeof passkeyForm>) =>
    add.mutate(
      { name, onStep: setStep },
      {
        onSuccess: () => {
          onOpenChange(false);
          form.reset();
          toast.done('Passkey added', 'It counts at the signers at once.');
        },
        onSettled: () => setStep(null),
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        add.reset();
        onOpenChange(next);
      }}
      title="Add passkey"
      description="Your browser asks twice: for the new passkey, then for one you already have."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button type="submit" form={form.id} look="primary" busy={add.isPending}>
            <KeyRound aria-hidden />
            {step === 'sign' ? 'Now confirm with a known passkey' : 'Add passkey'}
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-3" onSubmit={submit}>
        <FormField form={form} name="name" label="Name" hint="So that you recognise it when a device is lost.">
          {(control) => <Input {...control} maxLength={100} autoFocus placeholder="Security key in the safe" />}
        </FormField>
        <FormProblem form={form} error={add.error} />
      </Form>
    </Dialog>
  );
};
