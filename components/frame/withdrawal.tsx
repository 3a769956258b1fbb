'use client';

import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { SigningProblem } from './signing-problem';

type WithdrawalProps = {
  title: string;
  /** What the button does. */
  verb?: string;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
};

/** Asks whether something is really taken back, which a passkey signs. */
export const Withdrawal = ({ title, verb = 'Withdraw', busy, error, onClose, onSubmit, children }: WithdrawalProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    title={title}
    footer={
      <>
        <Button onClick={onClose}>Leave it</Button>
        <Button look="danger" busy={busy} onClick={onSubmit}>
          <KeyRound aria-hidden />
          {verb} with passkey
        </Button>
      </>
    }
  >
    <div className="space-y-3">
      {children}
      <SigningProblem error={error} />
    </div>
  </Dialog>
);
