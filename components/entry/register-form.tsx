'use client';

import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { registerWithCode } from '@/lib/client/register';
import { EntryCard } from './entry-card';

/** Parameters of an invitation, under the names that links use. */
const first = (params: URLSearchParams, ...names: readonly string[]): string =>
  names.map((name) => params.get(name)).find(Boolean) ?? '';

/** An invited person makes a passkey with the code from their e-mail. */
export const RegisterForm = () => {
  const params = useSearchParams();
  const [orgId, setOrgId] = useState('');
  const [username, setUsername] = useState('');
  const [registrationCode, setCode] = useState('');
  const [passkeyName, setPasskeyName] = useState('');
  const [tried, setTried] = useState(false);
  useEffect(() => {
    // The code travels behind #, which browsers never send to a server.
    const hash = new URLSearchParams(window.location.hash.slice(1));
    const code = first(hash, 'code', 'registrationCode') || first(params, 'code', 'registrationCode');
    // What somebody has typed already stays where the link says nothing.
    setOrgId((typed) => first(params, 'org', 'orgId') || typed);
    setUsername((typed) => first(params, 'user', 'username') || typed);
    setCode((typed) => code || typed);
  }, [params]);
  const register = useMutation({
    mutationFn: () =>
      registerWithCode(
        { orgId: orgId.trim(), username: username.trim(), registrationCode: registrationCode.trim() },
        passkeyName.trim() || 'First passkey',
      ),
  });
  const submit = () => {
    setTried(true);
    if (orgId.trim() && username.trim() && registrationCode.trim()) register.mutate();
  };
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
            <Link href={`/console/sign-in?org=${encodeURIComponent(orgId)}&user=${encodeURIComponent(username)}`}>
              Sign in
            </Link>
          </Button>
        </div>
      </EntryCard>
    );
  return (
    <EntryCard title="Register" below="Your passkey stays on your device; the server gets its public half.">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Organisation" error={tried && !orgId.trim() ? 'Type the id of the organisation.' : undefined}>
          <Input mono value={orgId} placeholder="or-…" onChange={(event) => setOrgId(event.target.value)} />
        </Field>
        <Field
          label="User name"
          error={tried && !username.trim() ? 'Type the address you were invited under.' : undefined}
        >
          <Input value={username} onChange={(event) => setUsername(event.target.value)} />
        </Field>
        <Field
          label="Registration code"
          error={tried && !registrationCode.trim() ? 'Type the code from the e-mail.' : undefined}
        >
          <Input
            mono
            value={registrationCode}
            placeholder="xxxx-xxxx-xxxx-xxxx"
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Field label="Name of the passkey" optional>
          <Input
            value={passkeyName}
            maxLength={100}
            placeholder="Laptop"
            onChange={(event) => setPasskeyName(event.target.value)}
          />
        </Field>
        <SigningProblem error={register.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={register.isPending}>
          <KeyRound aria-hidden />
          Make passkey
        </Button>
      </form>
    </EntryCard>
  );
};
