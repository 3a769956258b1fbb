'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { EMPTY_DRAFT, TokenFields, tokenBodyOf } from '@/components/people/token-fields';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
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
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [tried, setTried] = useState(false);
  const made = create.data?.kind === 'done' ? create.data.result : null;
  const submit = () => {
    setTried(true);
    const body = tokenBodyOf(draft);
    if (body) create.mutate({ body, context: { publicKey: body.publicKey } });
  };
  const close = (next: boolean) => {
    onOpenChange(next);
    if (next || !made) return;
    create.reset();
    setDraft(EMPTY_DRAFT);
    setTried(false);
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
            <Button look="primary" busy={create.isPending} onClick={submit}>
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
        <div className="space-y-4">
          <TokenFields draft={draft} onChange={setDraft} tried={tried} placeholder="report script" />
          <SigningProblem error={create.error} />
        </div>
      )}
    </Drawer>
  );
};
