'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { lastSignIn, signInWithPasskey } from '@/lib/client/sign-in';
import { EntryCard } from './entry-card';

/** Only a path of this console: a link must not send people elsewhere after they signed in. */
const safeNext = (next: string | null): string => (next && /^\/console(\/[\w\-/]*)?$/.test(next) ? next : '/console');

export const SignInForm = () => {
  const router = useRouter();
  const params = useSearchParams();
  const queryClient = useQueryClient();
  const [orgId, setOrgId] = useState('');
  const [username, setUsername] = useState('');
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const last = lastSignIn();
    setOrgId(params.get('org') ?? last?.orgId ?? '');
    setUsername(params.get('user') ?? last?.username ?? '');
  }, [params]);
  const signIn = useMutation({
    mutationFn: () => signInWithPasskey(orgId.trim(), username.trim()),
    onSuccess: () => {
      queryClient.clear();
      router.replace(safeNext(params.get('next')));
    },
  });
  const submit = () => {
    setTried(true);
    if (orgId.trim() && username.trim()) signIn.mutate();
  };
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
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Organisation"
          hint="Its id, as in your invitation."
          error={tried && !orgId.trim() ? 'Type the id of your organisation.' : undefined}
        >
          <Input
            mono
            name="organisation"
            value={orgId}
            placeholder="or-…"
            onChange={(event) => setOrgId(event.target.value)}
          />
        </Field>
        <Field
          label="User name"
          error={tried && !username.trim() ? 'Type your user name, usually your e-mail address.' : undefined}
        >
          <Input
            name="username"
            autoComplete="username webauthn"
            value={username}
            placeholder="ada@example.com"
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <SigningProblem error={signIn.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={signIn.isPending || signIn.isSuccess}>
          <KeyRound aria-hidden />
          Sign in with passkey
        </Button>
      </form>
    </EntryCard>
  );
};
