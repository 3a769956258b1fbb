'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/components/ui/toast';
import { useReplaceCertificate } from '@/lib/client/organisation';
import type { SignerNode } from '@/lib/client/shapes';
import { readEnrolmentLine, replacementContext } from '@/lib/client/signer-certificates';

type Kind = 'Replacement' | 'Renewal';

const KINDS: readonly { readonly kind: Kind; readonly label: string; readonly words: string }[] = [
  {
    kind: 'Replacement',
    label: 'Its store is lost',
    words:
      'It starts empty: it holds no share of the keys there are. They go on with the other signers; new keys use all.',
  },
  { kind: 'Renewal', label: 'It keeps its store', words: 'New identity key, region or version. It keeps its shares.' },
];

/** Puts another certificate of a signer in force: both fingerprints, what becomes of its shares, and a passkey. */
export const ReplaceSigner = ({
  node,
  open,
  onOpenChange,
}: {
  node: SignerNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const replace = useReplaceCertificate();
  const [line, setLine] = useState('');
  const [kind, setKind] = useState<Kind>('Replacement');
  const read = line.trim() === '' ? null : readEnrolmentLine(line, node.node);
  const close = (next: boolean) => {
    replace.reset();
    setLine('');
    onOpenChange(next);
  };
  const submit = () => {
    if (!read?.ok) return;
    const { certificate, proof } = read;
    replace.mutate(
      {
        params: { node: String(node.node) },
        body: { kind, certificate, proof },
        context: replacementContext(certificate, node.certificate),
      },
      {
        onSuccess: (answer) => {
          if (answer.kind === 'waits')
            toast.note('Waiting for approval', 'The change of the signer is governed; it is in the approvals.');
          else toast.done(`The new certificate of signer ${node.node} is in force`);
          close(false);
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={`Replace or renew signer ${node.node}`}
      description="From that entry on the other signers believe the new keys and no longer the old ones."
      footer={
        <>
          <Button onClick={() => close(false)}>Keep it as it is</Button>
          <Button look="danger" busy={replace.isPending} disabled={!read?.ok} onClick={submit}>
            <KeyRound aria-hidden />
            Put in force with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <fieldset className="space-y-1">
          <legend className="font-medium text-sm">What became of it</legend>
          {KINDS.map((one) => (
            <label key={one.kind} className="flex items-start gap-2">
              <input
                type="radio"
                name="kind"
                className="mt-1"
                checked={kind === one.kind}
                onChange={() => setKind(one.kind)}
              />
              <span>
                {one.label}
                <span className="block text-muted text-xs">{one.words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          label="What the signer prints"
          hint={
            <>
              On its machine: <code>npm run --silent signer -- enrol</code>
              {kind === 'Renewal' && <code> --renew</code>}
            </>
          }
          error={read && !read.ok ? read.reason : undefined}
        >
          <Textarea mono rows={4} value={line} onChange={(event) => setLine(event.target.value)} />
        </Field>
        <FactsList
          rows={[
            fact('Fingerprint now', <span className="break-all font-mono text-xs">{node.fingerprint}</span>),
            fact(
              'New fingerprint',
              read?.ok ? <span className="break-all font-mono text-xs">{read.fingerprint}</span> : null,
            ),
          ]}
        />
        <Notice tone="pending" title="Compare the new fingerprint with the signer’s terminal">
          Over a second channel, with whoever runs the machine. One that differs is somebody else’s node.
        </Notice>
        <SigningProblem error={replace.error} />
      </div>
    </Dialog>
  );
};
