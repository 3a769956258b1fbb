'use client';

import { KeyRound } from 'lucide-react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useDeactivateCredential } from '@/lib/client/credentials';
import type { Credential } from '@/lib/client/shapes';

/** Deactivates one of the person's credentials. */
export const DeactivateCredential = ({ credential, onClose }: { credential: Credential; onClose: () => void }) => {
  const deactivate = useDeactivateCredential();
  const { name, credentialUuid } = credential;
  const submit = () =>
    deactivate.mutate(
      { body: { credentialUuid } },
      {
        onSuccess: () => {
          toast.done(`Deactivated “${name}”`);
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Deactivate “${name}”?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="danger" busy={deactivate.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Deactivate with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          It signs nothing from the next request on. What it asked for or agreed to and is not signed yet no longer
          counts.
        </p>
        <SigningProblem error={deactivate.error} />
      </div>
    </Dialog>
  );
};
