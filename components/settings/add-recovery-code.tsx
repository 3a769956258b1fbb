'use client';

import { KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { CodeBlock } from '@/components/ui/code-block';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useAddRecoveryKey } from '@/lib/client/recovery';
import { newRecoverySeed, toRecoveryCode } from '@/lib/client/recovery-code';

/** A code on paper that replaces every lost passkey. It is made here and never sent: the server gets its public half. */
export const AddRecoveryCode = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const add = useAddRecoveryKey();
  const [secretSeed, setSecretSeed] = useState<Uint8Array | null>(null);
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    // A closed dialog keeps no secret, and an opened one shows another.
    setSecretSeed(open ? newRecoverySeed() : null);
    setKept(false);
  }, [open]);
  const close = () => {
    add.reset();
    onOpenChange(false);
  };
  const submit = () => {
    if (!secretSeed || !isKept) return;
    add.mutate(secretSeed, {
      onSuccess: () => {
        toast.done('Recovery code made', 'It works from now on.');
        close();
      },
    });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title="Make recovery code"
      description="For the day all your passkeys are lost."
      footer={
        <>
          <Button onClick={close}>Not now</Button>
          <Button look="primary" disabled={!isKept} busy={add.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Save with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          Write it on paper and keep it away from your devices. With it and a code mailed to you, somebody can replace
          all your passkeys; without it nobody can, not even this server.
        </p>
        {secretSeed && <CodeBlock text={toRecoveryCode(secretSeed)} label="recovery code" />}
        <Checkbox
          checked={isKept}
          onChange={setKept}
          label="I have written it down"
          note="It is not shown again. It works once; afterwards make a new one."
        />
        <SigningProblem error={add.error} />
      </div>
    </Dialog>
  );
};
