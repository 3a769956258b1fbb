'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useOrganisation, useRequireVouching } from '@/lib/client/organisation';

const VouchingDialog = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const step = useRequireVouching();
  const close = (next: boolean) => {
    step.reset();
    onOpenChange(next);
  };
  const submit = () =>
    step.mutate(
      { body: { enrolment: 'vouched' } },
      {
        onSuccess: (answer) => {
          if (answer.kind === 'waits')
            toast.note('Waiting for approval', 'The change of enrolment is governed; it is in the approvals.');
          else toast.done('New keys need vouching from now on');
          close(false);
        },
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="Require vouching for new keys?"
      footer={
        <>
          <Button onClick={() => close(false)}>Keep it as it is</Button>
          <Button look="danger" busy={step.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Require vouching with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          From then on the key of a new person counts only once somebody with <em>Permissions:Assign</em> has compared
          its fingerprint with them. Every key that counts at that moment goes on counting: look through People first.
        </p>
        <p className="font-medium">There is no way back.</p>
        <p className="text-muted">
          If a policy governs <em>Policies:Modify</em>, this waits for its approvers first.
        </p>
        <SigningProblem error={step.error} />
      </div>
    </Dialog>
  );
};

/** How new people's keys come to count, and the one-way step to vouching. */
export const Enrolment = () => {
  const { data } = useOrganisation();
  const [asking, setAsking] = useState(false);
  if (!data) return null;
  const isVouched = data.enrolment === 'vouched';
  return (
    <div id="enrolment">
      <Section title="Enrolment">
        {isVouched ? (
          <p>
            <span className="font-medium">vouched</span>: a new passkey counts once somebody vouches for it. This can’t
            be undone.
          </p>
        ) : (
          <Notice
            tone="pending"
            title="server: a registration code is enough"
            action={<Button onClick={() => setAsking(true)}>Require vouching</Button>}
          >
            A compromised server could impersonate people who have not registered yet, and every signer would believe
            it.
          </Notice>
        )}
      </Section>
      <VouchingDialog open={asking} onOpenChange={setAsking} />
    </div>
  );
};
