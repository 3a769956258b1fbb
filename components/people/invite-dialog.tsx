'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { useOrganisation } from '@/lib/client/organisation';
import { useInvite } from '@/lib/client/people';

/** Invites a person by e-mail; the code goes to them, never to this page. */
export const InviteDialog = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const organisation = useOrganisation().data;
  const invite = useInvite();
  const isEmail = /^\S+@\S+\.\S+$/.test(email.trim());
  const invited = invite.data?.kind === 'done' ? invite.data.result : null;
  const submit = () => {
    setTried(true);
    if (isEmail) invite.mutate({ body: { email: email.trim(), kind: 'CustomerEmployee' } });
  };
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next && invited) {
      invite.reset();
      setEmail('');
      setTried(false);
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
            <Button look="primary" busy={invite.isPending} onClick={submit}>
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
        <div className="space-y-3">
          <Field
            label="E-mail"
            error={tried && !isEmail ? 'Type an e-mail address; it becomes the user name.' : undefined}
          >
            <Input
              type="email"
              value={email}
              autoFocus
              placeholder="ada@example.com"
              onChange={(event) => setEmail(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && submit()}
            />
          </Field>
          <SigningProblem error={invite.error} />
        </div>
      )}
    </Dialog>
  );
};
