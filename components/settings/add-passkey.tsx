'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useAddPasskey } from '@/lib/client/credentials';

/** A further passkey: made on the new device, signed for with one that already counts. */
export const AddPasskey = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const add = useAddPasskey();
  const [name, setName] = useState('');
  const [step, setStep] = useState<'create' | 'sign' | null>(null);
  const submit = () =>
    add.mutate(
      { name: name.trim() || 'Second passkey', onStep: setStep },
      {
        onSuccess: () => {
          onOpenChange(false);
          setName('');
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
          <Button look="primary" busy={add.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {step === 'sign' ? 'Now confirm with a known passkey' : 'Add passkey'}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <Field label="Name" hint="So that you recognise it when a device is lost.">
          <Input
            value={name}
            maxLength={100}
            autoFocus
            placeholder="Security key in the safe"
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && submit()}
          />
        </Field>
        <SigningProblem error={add.error} />
      </div>
    </Dialog>
  );
};
