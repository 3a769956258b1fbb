'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { useAddPasskey } from '@/lib/client/credentials';
import { useOrganisation } from '@/lib/client/organisation';
import { useSession } from '@/lib/client/session';
import { typed } from '@/lib/client/typed';
import { setUpBody } from '@/lib/contract/setup';
import { passkeyName } from './account-fields';

const foundingForm = z.object({
  organisation: typed(setUpBody.shape.organisation, 'Give it the name people will see.'),
  username: typed(setUpBody.shape.username, 'Type your e-mail address.'),
});
const firstForm = z.object({ name: passkeyName('First passkey') });
const secondForm = z.object({ name: passkeyName('Second passkey') });

type StepProps<T> = { busy: boolean; error: Error | null; onSubmit: (input: T) => void };

export const NameOrganisation = ({
  hasToken,
  busy,
  error,
  onSubmit,
}: StepProps<{ organisation: string; username: string }> & { hasToken: boolean }) => {
  const form = useZodForm(foundingForm, { organisation: '', username: '' });
  if (!hasToken)
    return (
      <Notice tone="pending" title="This page needs the set-up link">
        The first start on an empty database prints it. Copy it whole, with everything after the # sign. If the
        organisation exists already, sign in instead.
      </Notice>
    );
  return (
    <Form form={form} className="space-y-4" onSubmit={onSubmit}>
      <FormField form={form} name="organisation" label="Name of the organisation">
        {(control) => <Input {...control} maxLength={100} autoFocus placeholder="Acme" />}
      </FormField>
      <FormField
        form={form}
        name="username"
        label="Your e-mail"
        hint="Your user name; you become the first administrator."
      >
        {(control) => <Input {...control} placeholder="ada@example.com" />}
      </FormField>
      <FormProblem form={form} error={error} />
      <Button type="submit" look="primary" size="lg" className="w-full" busy={busy}>
        Create organisation
      </Button>
    </Form>
  );
};

export const FirstPasskey = ({
  isRegistered,
  busy,
  error,
  onSubmit,
}: StepProps<string> & { isRegistered: boolean }) => {
  const form = useZodForm(firstForm, { name: '' });
  return (
    <Form form={form} className="space-y-4" onSubmit={({ name }) => onSubmit(name)}>
      <p className="text-muted">
        {isRegistered
          ? 'Your passkey is made. Sign in with it to go on.'
          : 'Your browser asks twice: to make the passkey, then to sign in with it. It is written into the organisation’s genesis, and everything signed here rests on it.'}
      </p>
      {!isRegistered && (
        <FormField form={form} name="name" label="Name of the passkey" optional>
          {(control) => <Input {...control} maxLength={100} placeholder="Laptop" />}
        </FormField>
      )}
      <FormProblem form={form} error={error} />
      <Button type="submit" look="primary" size="lg" className="w-full" busy={busy}>
        <KeyRound aria-hidden />
        {isRegistered ? 'Sign in with passkey' : 'Make first passkey'}
      </Button>
    </Form>
  );
};

export const SecondPasskey = ({ onDone }: { onDone: () => void }) => {
  const add = useAddPasskey();
  const session = useSession();
  const organisation = useOrganisation();
  const form = useZodForm(secondForm, { name: '' });
  const [step, setStep] = useState<'create' | 'sign' | null>(null);
  const isReady = session.data !== undefined && organisation.data !== undefined;
  return (
    <Form
      form={form}
      className="space-y-4"
      onSubmit={({ name }) =>
        add.mutate({ name, onStep: setStep }, { onSuccess: onDone, onSettled: () => setStep(null) })
      }
    >
      <p className="text-muted">
        Use another device or a security key. Without it, losing the first one would lock everybody out, so wallets
        can’t be made before. Your browser asks twice: for the new passkey, then for the first one.
      </p>
      <FormField form={form} name="name" label="Name of the passkey" optional>
        {(control) => <Input {...control} maxLength={100} placeholder="Security key in the safe" />}
      </FormField>
      <FormProblem form={form} error={add.error ?? session.error ?? organisation.error} />
      <Button type="submit" look="primary" size="lg" className="w-full" busy={add.isPending} disabled={!isReady}>
        <KeyRound aria-hidden />
        {step === 'sign' ? 'Now confirm with the first one' : 'Make second passkey'}
      </Button>
      <Button look="quiet" className="w-full" disabled={add.isPending} onClick={onDone}>
        Later, under Settings
      </Button>
    </Form>
  );
};

export const SetUpDone = () => {
  const router = useRouter();
  const organisation = useOrganisation();
  return (
    <div className="space-y-4">
      <p>This is the fingerprint of your organisation’s genesis. Compare it with what each signer prints in its log.</p>
      {organisation.data ? (
        <p className="rounded-md border bg-sunken p-3 text-center font-mono text-base leading-7">
          {organisation.data.fingerprint}
        </p>
      ) : organisation.error ? (
        <SigningProblem error={organisation.error} />
      ) : (
        <Skeleton className="h-14 w-full" />
      )}
      <p className="text-muted">
        Every signature you give names it. It is under Settings whenever you want to compare again.
      </p>
      <Button look="primary" size="lg" className="w-full" onClick={() => router.replace('/console')}>
        Open the console
      </Button>
    </div>
  );
};
