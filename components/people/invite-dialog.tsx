'use client';

import { KeyRound } from 'lucide-react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { useOrganisation } from '@/lib/client/organisation';
import { useInvite } from '@/lib/client/people';
import { typed } from '@/lib/client/typed';
import { createUserBody } from '@/lib/contract/users';

const inviteForm = z.object({
  email: typed(createUserBody.shape.email, 'Type an e-mail address; it becomes the user name.'),
});

/** Invites a person by e-mail; the code goes to them, never to this page. */
export const InviteDialog = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const form = useZodForm(inviteForm, { email: '' });
  const organisation = useOrganisation().data;
  const invite = useInvite();
  const invited = invite.data?.kind === 'done' ? invite.data.result : null;
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next && invited) {
      invite.reset();
      form.reset();
    }
  };
  const link =
    invited && organisation
      ? `${window.location.origin}/console/register?org=${organisation.id}&user=${encodeURIComponent(invited.username)}`
      : '';
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={invited ? `Invited ${invited.username}` : 'Invite person'}
      footer={
        invited ? (
          <Button look="primary" onClick={() => close(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => close(false)}>Close</Button>
            <Button type="submit" form={form.id} look="primary" busy={invite.isPending}>
              <KeyRound aria-hidden />
              Invite with passkey
            </Button>
          </>
        )
      }
    >
      {invited ? (
        <div className="space-y-3">
          <p>
            A registration code is on its way to them by e-mail. They open this page, type the code and make a passkey:
          </p>
          <CodeBlock text={link} label="registration link" />
          {organisation?.enrolment === 'vouched' && (
            <Notice title="Then somebody vouches for them">
              They will see the fingerprint of their new passkey. Have them read it to you in person or by telephone,
              open them under People and vouch. Before that they can read, and sign nothing.
            </Notice>
          )}
          <p className="text-muted">They hold no role yet and may do nothing until you give them one.</p>
        </div>
      ) : (
        <Form
          form={form}
          className="space-y-3"
          onSubmit={({ email }) => invite.mutate({ body: { email, kind: 'CustomerEmployee' } })}
        >
          <FormField form={form} name="email" label="E-mail">
            {(control) => <Input {...control} type="email" autoFocus placeholder="ada@example.com" />}
          </FormField>
          <FormProblem form={form} error={invite.error} />
        </Form>
      )}
    </Dialog>
  );
};
