'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { registerWithCode } from '@/lib/client/register';
import { beginSetUp, begunSetUp, endSetUp, type Founding } from '@/lib/client/set-up';
import { signInWithPasskey } from '@/lib/client/sign-in';
import { EntryCard } from './entry-card';
import { FirstPasskey, NameOrganisation, SecondPasskey, SetUpDone } from './set-up-steps';
import { Steps } from './steps';

const STEPS = ['Organisation', 'First passkey', 'Second passkey', 'Fingerprint'] as const;

/** The first start: an organisation, its first administrator, two passkeys, and the fingerprint to compare. */
export const SetUp = () => {
  const queryClient = useQueryClient();
  const [token, setToken] = useState<string | null>(null);
  const [founding, setFounding] = useState<Founding | null>(null);
  const [step, setStep] = useState(0);
  const [isRegistered, setRegistered] = useState(false);
  useEffect(() => {
    const begun = begunSetUp();
    setToken(window.location.hash.slice(1));
    if (begun) {
      setFounding(begun);
      setStep(1);
    }
  }, []);
  const begin = useMutation({
    mutationFn: (names: { organisation: string; username: string }) => beginSetUp({ token: token ?? '', ...names }),
    onSuccess: (made) => {
      setFounding(made);
      setStep(1);
    },
  });
  const register = useMutation({
    mutationFn: async (passkeyName: string) => {
      if (!founding) throw new Error('The organisation is not made yet.');
      if (!isRegistered) await registerWithCode(founding, passkeyName);
      setRegistered(true);
      await signInWithPasskey(founding.orgId, founding.username);
    },
    onSuccess: () => {
      endSetUp();
      queryClient.clear();
      setStep(2);
    },
  });
  return (
    <EntryCard
      title="Set up Countersign"
      below="Everything here runs on your machines. The signing code is unaudited: use test networks."
    >
      <Steps labels={STEPS} at={step} />
      {step === 0 && (
        <NameOrganisation
          hasToken={token === null || token.length > 0}
          busy={begin.isPending}
          error={begin.error}
          onSubmit={begin.mutate}
        />
      )}
      {step === 1 && (
        <FirstPasskey
          isRegistered={isRegistered}
          busy={register.isPending}
          error={register.error}
          onSubmit={register.mutate}
        />
      )}
      {step === 2 && <SecondPasskey onDone={() => setStep(3)} />}
      {step === 3 && <SetUpDone />}
    </EntryCard>
  );
};
