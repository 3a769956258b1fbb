'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import type { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { lastSignIn, signInWithPasskey } from '@/lib/client/sign-in';
import { accountForm } from './account-fields';
import { EntryCard } from './entry-card';
import { safeNext } from './safe-next';

export const SignInForm = () => {
  const router = useRouter();
  const params = useSearchParams();
  const queryClient = useQueryClient();
  const form = useZodForm(accountForm, { orgId: '', username: '' });
  const { reset } = form;
  useEffect(() => {
    const last = lastSignIn();
    reset({ orgId: params.get('org') ?? last?.orgId ?? '', username: params.get('user') ?? last?.username ?? '' });
  }, [params, reset]);
  const [orgId, username] = form.watch(['orgId', 'username']);
  const signIn = useMutation({
    mutationFn: (account: z.output<typeof accountForm>) => signInWithPasskey(account.orgId, account.username),
    onSuccess: () => {
      queryClient.clear();
      router.replace(safeNext(params.get('next')));
    },
  });
  return (
    <EntryCard
      title="Sign in"
      below={
        <>
          Invited? Open the registration link from your e-mail. Lost your passkeys?{' '}
          <Link
            prefetch={false}
            className="underline"
            href={`/console/recover?org=${encodeURIComponent(orgId)}&user=${encodeURIComponent(username)}`}
          >
            Recover
          </Link>
          . This server’s signing code is unaudited.
        </>
      }
    >
      <Form form={form} className="space-y-4" onSubmit={(account) => signIn.mutate(account)}>
        <FormField form={form} name="orgId" label="Organisation" hint="Its id, as in your invitation.">
          {(control) => <Input mono {...control} name="organisation" placeholder="or-…" />}
        </FormField>
        <FormField form={form} name="username" label="User name">
          {(control) => <Input {...control} autoComplete="username webauthn" placeholder="ada@example.com" />}
        </FormField>
        <FormProblem form={form} error={signIn.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={signIn.isPending || signIn.isSuccess}>
          <KeyRound aria-hidden />
          Sign in with passkey
        </Button>
      </Form>
    </EntryCard>
  );
};
