'use client';

import { KeyRound } from 'lucide-react';
import { FormProblem } from '@/components/frame/form-problem';
import { EMPTY_TOKEN, TokenFields, tokenForm } from '@/components/people/token-fields';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { Form, useZodForm } from '@/components/ui/form';
import { useCreatePersonalToken } from '@/lib/client/tokens';

/** A token of one's own; it is shown once. */
export const CreatePersonalToken = ({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const create = useCreatePersonalToken();
  const form = useZodForm(tokenForm, EMPTY_TOKEN);
  const made = create.data?.kind === 'done' ? create.data.result : null;
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
      title={made ? `Created ${made.name}` : 'Create personal access token'}
      description={
        made ? 'Copy the token now: it is shown only this once.' : 'For a program of yours. It never exceeds you.'
      }
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
          {made.accessToken && <CodeBlock text={made.accessToken} label="access token" />}
          <p className="text-muted">
            The token names you; each request that changes something is signed with its private key as well.
          </p>
        </div>
      ) : (
        <Form
          form={form}
          className="space-y-4"
          onSubmit={(body) => create.mutate({ body, context: { publicKey: body.publicKey } })}
        >
          <TokenFields form={form} placeholder="report script" />
          <FormProblem form={form} error={create.error} />
        </Form>
      )}
    </Drawer>
  );
};
