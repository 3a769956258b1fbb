'use client';

import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { registerWithCode } from '@/lib/client/register';
import { typed } from '@/lib/client/typed';
import { registrationInitBody } from '@/lib/contract/auth-registration';
import { passkeyName } from './account-fields';
import { EntryCard } from './entry-card';

/** Parameters of an invitation, under the names that links use. */
const first = (params: URLSearchParams, ...names: readonly string[]): string =>
  names.map((name) => params.get(name)).find(Boolean) ?? '';

const { orgId, username, registrationCode } = registrationInitBody.shape;
const invitedForm = z.object({
  orgId: typed(orgId, 'Type the id of the organisation.'),
  username: typed(username, 'Type the address you were invited under.'),
  registrationCode: typed(registrationCode, 'Type the code from the e-mail.'),
  passkeyName: passkeyName('First passkey'),
});

/** An invited person makes a passkey with the code from their e-mail. */
export const RegisterForm = () => {
  const params = useSearchParams();
  const form = useZodForm(invitedForm, { orgId: '', username: '', registrationCode: '', passkeyName: '' });
  const { setValue } = form;
  useEffect(() => {
    // The code travels behind #, which browsers never send to a server.
    const hash = new URLSearchParams(window.location.hash.slice(1));
    const code = first(hash, 'code', 'registrationCode') || first(params, 'code', 'registrationCode');
    // What somebody has typed already stays where the link says nothing.
    const given = { orgId: first(params, 'org', 'orgId'), username: first(params, 'user', 'username') };
    if (given.orgId) setValue('orgId', given.orgId);
    if (given.username) setValue('username', given.username);
    if (code) setValue('registrationCode', code);
  }, [params, setValue]);
  const register = useMutation({
    mutationFn: ({ passkeyName, ...invited }: z.output<typeof invitedForm>) => registerWithCode(invited, passkeyName),
  });
  if (register.data)
    return (
      <EntryCard title="Your passkey is made">
        <div className="space-y-4">
          {register.data.fingerprint && (
            <>
              <p>
                If your organisation vouches for new people, read this fingerprint to whoever invited you, in person or
                by telephone:
              </p>
              <CodeBlock text={register.data.fingerprint} label="fingerprint" />
            </>
          )}
          <p className="text-muted">
            You find it again under Settings. Then add a second passkey, so that a lost device does not lock you out.
          </p>
          <Button asChild look="primary" size="lg" className="w-full">
            <Link
              href={`/console/sign-in?org=${encodeURIComponent(register.variables.orgId)}&user=${encodeURIComponent(register.variables.username)}`}
            >
              Sign in
            </Link>
          </Button>
        </div>
      </EntryCard>
    );
  return (
    <EntryCard title="Register" below="Your passkey stays on your device; the server gets its public half.">
      <Form form={form} className="space-y-4" onSubmit={(input) => register.mutate(input)}>
        <FormField form={form} name="orgId" label="Organisation">
          {(control) => <Input mono {...control} placeholder="or-…" />}
        </FormField>
        <FormField form={form} name="username" label="User name">
          {(control) => <Input {...control} />}
        </FormField>
        <FormField form={form} name="registrationCode" label="Registration code">
          {(control) => <Input mono {...control} placeholder="xxxx-xxxx-xxxx-xxxx" />}
        </FormField>
        <FormField form={form} name="passkeyName" label="Name of the passkey" optional>
          {(control) => <Input {...control} maxLength={100} placeholder="Laptop" />}
        </FormField>
        <FormProblem form={form} error={register.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={register.isPending}>
          <KeyRound aria-hidden />
          Make passkey
        </Button>
      </Form>
    </EntryCard>
  );
};
