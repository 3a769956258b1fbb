'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/components/ui/toast';
import { useVouch } from '@/lib/client/organisation';
import type { User, UserCredential } from '@/lib/client/shapes';
import { fingerprintOf } from './fingerprint-of';

/** Base64 is compared without its padding, which people leave out. */
const bare = (fingerprint: string): string => fingerprint.replace(/=+$/, '');

const SHAPE = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

/**
 * Vouches over the fingerprint that the other person reads out. It is typed here and never filled in from the server:
 * the server is what vouching protects against.
 */
export const VouchDialog = ({
  person,
  credential,
  open,
  onOpenChange,
}: {
  person: User;
  /** The key that does not count yet. */
  credential: UserCredential;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const vouch = useVouch();
  const [fingerprint, setFingerprint] = useState('');
  const [tried, setTried] = useState(false);
  const typed = fingerprint.replace(/\s+/g, '');
  const isShaped = SHAPE.test(typed);
  const held = fingerprintOf(credential);
  const isSame = bare(typed) === bare(held);
  const submit = () => {
    setTried(true);
    if (!isShaped) return;
    vouch.mutate(
      { params: { userId: person.userId }, body: { credentialUuid: credential.uuid, fingerprint: typed } },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.done(`You vouched for ${person.username}`, 'Their passkey counts at the signers from now on.');
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Vouch for ${person.username}`}
      description="You state that this passkey is theirs. The signers will believe you."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button look="primary" busy={vouch.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Vouch with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <ol className="list-decimal space-y-1 pl-5">
          <li>Meet them or call them on a number you know.</li>
          <li>They open Settings and read you the fingerprint of their passkey.</li>
          <li>Type what they read. It must be the one this server holds.</li>
        </ol>
        <div className="rounded-md border bg-sunken px-3 py-2">
          <p className="text-muted text-xs">
            This server holds for {person.username}, “{credential.name}”
          </p>
          <p className="break-all font-mono text-xs leading-5">{held}</p>
        </div>
        <Field
          label="Fingerprint"
          error={tried && !isShaped ? 'It begins with SHA256: and has 43 or 44 characters after it.' : undefined}
        >
          <Input
            mono
            value={fingerprint}
            placeholder="SHA256:…"
            onChange={(event) => setFingerprint(event.target.value)}
          />
        </Field>
        {isShaped &&
          (isSame ? (
            <Notice tone="good" title="The two are the same" />
          ) : (
            <Notice tone="bad" title="The two differ. Don’t vouch.">
              Check what you typed. If they really read this to you, the server holds another key than theirs: tell
              another administrator and your operator.
            </Notice>
          ))}
        <SigningProblem error={vouch.error} />
      </div>
    </Dialog>
  );
};
