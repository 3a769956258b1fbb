'use client';

import { KeyRound } from 'lucide-react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Form, FormField, useZodForm } from '@/components/ui/form';
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

/** The line that the signer of that number printed, and what became of the signer. */
const replacementForm = (node: number) =>
  z.object({
    kind: z.enum(['Replacement', 'Renewal']),
    line: z.string().transform((text, context) => {
      const read = readEnrolmentLine(text.trim(), node);
      if (read.ok) return read;
      context.addIssue({ code: 'custom', message: read.reason });
      return z.NEVER;
    }),
  });
type Replacement = z.output<ReturnType<typeof replacementForm>>;

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
  const form = useZodForm(replacementForm(node.node), { kind: 'Replacement', line: '' });
  const [kind, line] = form.watch(['kind', 'line']);
  const read = line.trim() === '' ? null : readEnrolmentLine(line, node.node);
  const close = (next: boolean) => {
    replace.reset();
    form.resetField('line');
    onOpenChange(next);
  };
  const submit = ({ kind, line: { certificate, proof } }: Replacement) =>
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
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={`Replace or renew signer ${node.node}`}
      description="From that entry on the other signers believe the new keys and no longer the old ones."
      footer={
        <>
          <Button onClick={() => close(false)}>Keep it as it is</Button>
          <Button type="submit" form={form.id} look="danger" busy={replace.isPending}>
            <KeyRound aria-hidden />
            Put in force with passkey
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-3" onSubmit={submit}>
        <fieldset className="space-y-1">
          <legend className="font-medium text-sm">What became of it</legend>
          {KINDS.map((one) => (
            <label key={one.kind} className="flex items-start gap-2">
              <input type="radio" className="mt-1" value={one.kind} {...form.register('kind')} />
              <span>
                {one.label}
                <span className="block text-muted text-xs">{one.words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <FormField
          form={form}
          name="line"
          label="What the signer prints"
          hint={
            <>
              On its machine: <code>npm run --silent signer -- enrol</code>
              {kind === 'Renewal' && <code> --renew</code>}
            </>
          }
        >
          {(control) => <Textarea mono rows={4} {...control} />}
        </FormField>
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
        <FormProblem form={form} error={replace.error} />
      </Form>
    </Dialog>
  );
};
