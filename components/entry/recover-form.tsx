'use client';

import { useMutation } from '@tanstack/react-query';
import { KeyRound, Mail } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { type Account, recoverWithCode, sendRecoveryMail } from '@/lib/client/recovery';
import { readRecoveryCode } from '@/lib/client/recovery-code';
import { lastSignIn } from '@/lib/client/sign-in';
import { typed } from '@/lib/client/typed';
import { text } from '@/lib/contract/fields';
import { accountForm } from './account-fields';
import { EntryCard } from './entry-card';

/** Before the mail is sent only the account counts; afterwards both codes do. */
const askForm = accountForm.extend({ mailedCode: z.string(), recoveryCode: z.string().transform(() => null) });
const recoverForm = accountForm.extend({
  mailedCode: typed(text(64), 'Type the code from the e-mail.'),
  recoveryCode: typed(
    z.instanceof(Uint8Array),
    'This is not a recovery code: nine groups of four. Compare each group.',
    readRecoveryCode,
  ),
});
type Recovery = z.output<typeof recoverForm>;

/** Somebody without a passkey gets a new one: by a code mailed to them and the recovery code they keep on paper. */
export const RecoverForm = () => {
  const params = useSearchParams();
  const mail = useMutation({
    mutationFn: ({ orgId, username }: Account) => sendRecoveryMail({ orgId, username }),
  });
  const form = useZodForm<z.input<typeof recoverForm>, z.output<typeof askForm> | Recovery>(
    mail.isSuccess ? recoverForm : askForm,
    { orgId: '', username: '', mailedCode: '', recoveryCode: '' },
  );
  const { reset } = form;
  useEffect(() => {
    const last = lastSignIn();
    const known = {
      orgId: params.get('org') ?? last?.orgId ?? '',
      username: params.get('user') ?? last?.username ?? '',
    };
    reset({ ...known, mailedCode: '', recoveryCode: '' });
  }, [params, reset]);
  const [orgId, username] = form.watch(['orgId', 'username']);
  const recover = useMutation({
    mutationFn: ({ mailedCode, secretSeed, ...account }: Account & { mailedCode: string; secretSeed: Uint8Array }) =>
      recoverWithCode(account, mailedCode, secretSeed, 'New passkey'),
  });
  const signInHref = `/console/sign-in?org=${encodeURIComponent(orgId)}&user=${encodeURIComponent(username)}`;
  const submit = ({ recoveryCode: secretSeed, ...rest }: z.output<typeof askForm> | Recovery) => {
    if (secretSeed !== null) recover.mutate({ ...rest, secretSeed });
    // The fields that come now are not wrong yet.
    else mail.mutate(rest, { onSuccess: () => reset(undefined, { keepValues: true }) });
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
      <Form form={form} className="space-y-4" onSubmit={submit}>
        <FormField form={form} name="orgId" label="Organisation">
          {(control) => <Input mono {...control} placeholder="or-…" />}
        </FormField>
        <FormField form={form} name="username" label="User name">
          {(control) => <Input {...control} />}
        </FormField>
        {mail.isSuccess && (
          <>
            <Notice title="If there is somebody of that name, a code is on its way to them." />
            <FormField form={form} name="mailedCode" label="Code from the e-mail">
              {(control) => <Input mono autoFocus {...control} />}
            </FormField>
            <FormField
              form={form}
              name="recoveryCode"
              label="Recovery code"
              hint="The one you wrote on paper. It stays in this browser; the server gets a signature."
            >
              {(control) => <Input mono {...control} placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX" />}
            </FormField>
          </>
        )}
        <FormProblem form={form} error={recover.error ?? mail.error} />
        <Button type="submit" look="primary" size="lg" className="w-full" busy={mail.isPending || recover.isPending}>
          {mail.isSuccess ? <KeyRound aria-hidden /> : <Mail aria-hidden />}
          {mail.isSuccess ? 'Make new passkey' : 'Send me a code'}
        </Button>
      </Form>
    </EntryCard>
  );
};
