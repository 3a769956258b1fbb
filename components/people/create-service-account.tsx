'use client';

import { KeyRound } from 'lucide-react';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { Form, useZodForm } from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { useCreateServiceAccount } from '@/lib/client/people';
import { EMPTY_TOKEN, TokenFields, tokenForm } from './token-fields';

/** A machine's identity; its token is shown once. */
export const CreateServiceAccount = ({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const create = useCreateServiceAccount();
  const form = useZodForm(tokenForm, EMPTY_TOKEN);
  const made = create.data?.kind === 'done' ? create.data.result : null;
  const token = made?.accessTokens[0]?.accessToken;
  const close = (next: boolean) => {
    onOpenChange(next);
    if (next || !made) return;
    create.reset();
    form.reset();
  };
  return (
    <Drawer
      open={open}
      onOpenChange={close}
      title={made ? `Created ${made.userInfo.name}` : 'Create service account'}
      description={made ? 'Copy the token now: it is shown only this once.' : 'For machines that use the API.'}
      footer={
        made ? (
          <Button look="primary" onClick={() => close(false)}>
            I have the token
          </Button>
        ) : (
          <>
            <Button onClick={() => close(false)}>Close</Button>
            <Button type="submit" form={form.id} look="primary" busy={create.isPending}>
              <KeyRound aria-hidden />
              Create with passkey
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="space-y-3">
          {token && <CodeBlock text={token} label="access token" />}
          <p className="text-muted">
            The token names the account; each request that changes something is signed with its private key as well.
          </p>
        </div>
      ) : (
        <Form
          form={form}
          className="space-y-4"
          onSubmit={(body) => create.mutate({ body, context: { publicKey: body.publicKey } })}
        >
          <TokenFields form={form} placeholder="payouts" />
          <Notice title="A service account can approve only where a policy lists it and allows service accounts." />
          <FormProblem form={form} error={create.error} />
        </Form>
      )}
    </Drawer>
  );
};
