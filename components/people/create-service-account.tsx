'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { useCreateServiceAccount } from '@/lib/client/people';
import { EMPTY_DRAFT, TokenFields, tokenBodyOf } from './token-fields';

/** A machine's identity; its token is shown once. */
export const CreateServiceAccount = ({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const create = useCreateServiceAccount();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [tried, setTried] = useState(false);
  const made = create.data?.kind === 'done' ? create.data.result : null;
  const token = made?.accessTokens[0]?.accessToken;
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
          {token && <CodeBlock text={token} label="access token" />}
          <p className="text-muted">
            The token names the account; each request that changes something is signed with its private key as well.
          </p>
        </div>
      ) : (
        <div className="space-y-4">
          <TokenFields draft={draft} onChange={setDraft} tried={tried} placeholder="payouts" />
          <Notice title="A service account can approve only where a policy lists it and allows service accounts." />
          <SigningProblem error={create.error} />
        </div>
      )}
    </Drawer>
  );
};
