'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';

type RejectDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  busy: boolean;
  error: Error | null;
  onReject: (reason: string) => void;
};

/** Rejecting is final for the request, and the others read why. */
export const RejectDialog = ({ open, onOpenChange, busy, error, onReject }: RejectDialogProps) => {
  const [reason, setReason] = useState('');
  const isGiven = reason.trim().length > 0;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Reject this request?"
      description="One rejection is enough: the request ends here, whoever else approved."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Go back</Button>
          <Button look="danger" busy={busy} disabled={!isGiven} onClick={() => onReject(reason.trim())}>
            <KeyRound aria-hidden />
            Reject with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <Field label="Reason" hint="The requester and the other approvers read this. It is kept in the ledger.">
          <Textarea value={reason} maxLength={1000} autoFocus onChange={(event) => setReason(event.target.value)} />
        </Field>
        <SigningProblem error={error} />
      </div>
    </Dialog>
  );
};
