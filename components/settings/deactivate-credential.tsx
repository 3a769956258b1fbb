'use client';

import { KeyRound } from 'lucide-react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useActivateCredential, useDeactivateCredential } from '@/lib/client/credentials';
import type { Credential } from '@/lib/client/shapes';

/** Deactivates one of the person's credentials, or activates it again. @param publicKey SPKI PEM, which an activation names. */
export const CredentialStanding = ({
  credential,
  publicKey,
  onClose,
}: {
  credential: Credential;
  publicKey: string;
  onClose: () => void;
}) => {
  const activate = useActivateCredential();
  const deactivate = useDeactivateCredential();
  const { isActive, name, credentialUuid } = credential;
  const mutation = isActive ? deactivate : activate;
  const verb = isActive ? 'Deactivate' : 'Activate';
  const submit = () =>
    mutation.mutate(
      { body: { credentialUuid }, ...(isActive ? {} : { context: { publicKey } }) },
      {
        onSuccess: () => {
          toast.done(`${verb}d “${name}”`);
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${verb} “${name}”?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look={isActive ? 'danger' : 'primary'} busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {verb} with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          {isActive
            ? 'It signs nothing from the next request on. What it asked for or agreed to and is not signed yet no longer counts.'
            : 'Its signatures count again, at the signers too.'}
        </p>
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};
