'use client';

import { KeyRound, MoreHorizontal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Menu } from '@/components/ui/menu';
import { toast } from '@/components/ui/toast';
import {
  useActivateServiceAccount,
  useActivateUser,
  useArchiveServiceAccount,
  useArchiveUser,
  useDeactivateServiceAccount,
  useDeactivateUser,
} from '@/lib/client/people';
import { useMay } from '@/lib/client/session';

type Act = 'Activate' | 'Deactivate' | 'Remove';
type Identity = { readonly userId: string; readonly name: string; readonly isServiceAccount: boolean };

const WORDS: Readonly<Record<Act, string>> = {
  Activate: 'Roles and keys count again as they stand.',
  Deactivate:
    'Sign-ins, tokens and keys stop at once, at the signers too. What was asked for or agreed to and is not signed yet no longer counts. Roles stay.',
  Remove:
    'For good: sign-ins, tokens and keys stop at once, at the signers too, and what was asked for or agreed to and is not signed yet no longer counts. What they did stays in the ledger.',
};

const useActs = (isServiceAccount: boolean) => {
  const user = { Activate: useActivateUser(), Deactivate: useDeactivateUser(), Remove: useArchiveUser() };
  const account = {
    Activate: useActivateServiceAccount(),
    Deactivate: useDeactivateServiceAccount(),
    Remove: useArchiveServiceAccount(),
  };
  return isServiceAccount ? account : user;
};

const ActDialog = ({ identity, act, onClose }: { identity: Identity; act: Act; onClose: () => void }) => {
  const router = useRouter();
  const { userId, name, isServiceAccount } = identity;
  const mutation = useActs(isServiceAccount)[act];
  const submit = () =>
    mutation.mutate(
      { params: isServiceAccount ? { serviceAccountId: userId } : { userId } },
      {
        onSuccess: () => {
          toast.done(`${act}d ${name}`);
          onClose();
          if (act === 'Remove') router.replace('/console/people');
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${act} ${name}?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look={act === 'Activate' ? 'primary' : 'danger'} busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {act} with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>{WORDS[act]}</p>
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};

/** What can be done about somebody's standing: take it away, give it back, remove them. */
export const StandingActs = ({ identity, isActive }: { identity: Identity; isActive: boolean }) => {
  const area = identity.isServiceAccount ? 'Auth:ServiceAccounts' : 'Auth:Users';
  const mayActivate = useMay(`${area}:Activate`);
  const mayDeactivate = useMay(`${area}:Deactivate`);
  const mayRemove = useMay(`${area}:Delete`);
  const [act, setAct] = useState<Act | null>(null);
  const acts: readonly Act[] = [
    ...(isActive ? (mayDeactivate ? (['Deactivate'] as const) : []) : mayActivate ? (['Activate'] as const) : []),
    ...(mayRemove ? (['Remove'] as const) : []),
  ];
  if (acts.length === 0) return null;
  return (
    <>
      <Menu
        trigger={
          <Button size="icon" aria-label={`More about ${identity.name}`}>
            <MoreHorizontal aria-hidden />
          </Button>
        }
        items={acts.map((one) => ({ label: one, onSelect: () => setAct(one), danger: one !== 'Activate' }))}
      />
      {act && <ActDialog identity={identity} act={act} onClose={() => setAct(null)} />}
    </>
  );
};
