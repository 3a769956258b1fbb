'use client';

import { useMutation } from '@tanstack/react-query';
import { KeyRound, Mail } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { recoverWithCode, sendRecoveryMail } from '@/lib/client/recovery';
import { readRecoveryCode } from '@/lib/client/recovery-code';
import { lastSignIn } from '@/lib/client/sign-in';
import { EntryCard } from './entry-card';

/** Somebody without a passkey gets a new one: by a code mailed to them and the recovery code they keep on paper. */
export const RecoverForm = () => {
  const params = useSearchParams();
  const [orgId, setOrgId] = useState('');
  const [username, setUsername] = useState('');
  const [mailedCode, setMailedCode] = useState('');
  const [recoveryCode, setRecoveryCode] = useState('');
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const last = lastSignIn();
    setOrgId(params.get('org') ?? last?.orgId ?? '');
    setUsername(params.get('user') ?? last?.username ?? '');
  }, [params]);
  const account = { orgId: orgId.trim(), username: username.trim() };
  const isNamed = account.orgId !== '' && account.username !== '';
  const secretSeed = readRecoveryCode(recoveryCode);
  const mail = useMutation({ mutationFn: () => sendRecoveryMail(account) });
  const recover = useMutation({
    mutationFn: (seed: Uint8Array) => recoverWithCode(account, mailedCode.trim(), seed, 'New passkey'),
  });
  const signInHref = `/console/sign-in?org=${encodeURIComponent(orgId)}&user=${encodeURIComponent(username)}`;
  const submit = () => {
    setTried(true);
    if (!isNamed) return;
    if (!mail.isSuccess) {
      mail.mutate(undefined, { onSuccess: () => setTried(false) });
      return;
    }
    if (mailedCode.trim() && secretSeed) recover.mutate(secretSeed);
  };
  if (recover.isSuccess)
    return (
      <EntryCard title="Recovered">
        <div className="space-y-4">
          <p>
            Your new passkey is the only thing that signs for you now. The old ones, your tokens and the recovery code
            are spent.
          </p>
          <p className="text-muted">Sign in, then make a new recovery code and a second passkey under Settings.</p>
          <Button asChild look="primary" size="lg" className="w-full">
            <Link href={signInHref}>Sign in</Link>
          </Button>
        </div>
      </EntryCard>
    );
  return (
    <EntryCard
      title="Recover"
      below={
        <>
          Without a recovery code, ask an administrator to invite you anew.{' '}
          <Link href={signInHref} prefetch={false} className="underline">
            Back to sign-in
          </Link>
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
        <Field label="Organisation" error={tried && !account.orgId ? 'Type the id of your organisation.' : undefined}>
          <Input mono value={orgId} placeholder="or-…" onChange={(event) => setOrgId(event.target.value)} />
        </Field>
        <Field
          label="User name"
          error={tried && !account.username ? 'Type your user name, usually your e-mail address.' : undefined}
        >
          <Input value={username} onChange={(event) => setUsername(event.target.value)} />
        </Field>
        {mail.isSuccess && (
          <>
            <Notice title="If there is somebody of that name, a code is on its way to them." />
            <Field
              label="Code from the e-mail"
              error={tried && !mailedCode.trim() ? 'Type the code from the e-mail.' : undefined}
            >
              <Input mono autoFocus value={mailedCode} onChange={(event) => setMailedCode(event.target.value)} />
            </Field>
            <Field
              label="Recovery code"
              hint="The one you wrote on paper. It stays in this browser; the server gets a signature."
              error={
                tried && !secretSeed
                  ? 'This is not a recovery code: nine groups of four. Compare each group.'
                  : undefined
              }
            >
              <Input
                mono
                value={recoveryCode}
                placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"
                onChange={(event) => setRecoveryCode(event.target.value)}
              />
            </Field>
          </>
        )}
        <SigningProblem error={recover.error ?? mail.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={mail.isPending || recover.isPending}>
          {mail.isSuccess ? <KeyRound aria-hidden /> : <Mail aria-hidden />}
          {mail.isSuccess ? 'Make new passkey' : 'Send me a code'}
        </Button>
      </form>
    </EntryCard>
  );
};
