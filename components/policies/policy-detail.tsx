'use client';

import { Archive, KeyRound, Pencil } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { ChangeFacts } from '@/components/approvals/change-facts';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Disclosure } from '@/components/ui/disclosure';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useArchivePolicy, usePolicy } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import type { Policy } from '@/lib/client/shapes';
import { definitionOf, shownPolicyVersion } from '@/lib/verifying/versions';
import { PolicyVersions } from './policy-versions';
import { PolicyWords } from './policy-words';

const ArchiveDialog = ({
  policy,
  open,
  onOpenChange,
}: {
  policy: Policy;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const archive = useArchivePolicy();
  const submit = () =>
    archive.mutate(
      { params: { policyId: policy.id }, context: { replaces: shownPolicyVersion(policy) } },
      {
        onSuccess: (answer) => {
          onOpenChange(false);
          if (answer.kind === 'waits') toast.note('Waiting for approval', `Archiving “${policy.name}” is governed.`);
          else toast.done(`Archived “${policy.name}”`);
        },
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        archive.reset();
        onOpenChange(next);
      }}
      title={`Archive “${policy.name}”?`}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep it</Button>
          <Button look="danger" busy={archive.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Archive with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          It then asks for nothing, also of requests that wait for it now. Archiving can’t be undone; make a new policy
          instead.
        </p>
        <SigningProblem error={archive.error} />
      </div>
    </Dialog>
  );
};

export const PolicyDetail = ({ policyId }: { policyId: string }) => {
  const { data: policy, error, refetch } = usePolicy(policyId);
  const mayUpdate = useMay('Policies:Update');
  const mayArchive = useMay('Policies:Archive');
  const [archiving, setArchiving] = useState(false);
  if (error && !policy) return <Problem error={error} what="this policy" onRetry={() => void refetch()} />;
  if (!policy) return <DetailSkeleton />;
  const pending = policy.pendingChangeRequest;
  const isOpen = policy.status === 'Active' && !pending;
  return (
    <article>
      <PaneHeader
        backHref="/console/policies"
        backLabel="Policies"
        title={policy.name}
        meta={
          <span className="flex flex-wrap items-center gap-2 text-muted">
            <StatusBadge status={policy.status} />
            <Copyable value={policy.id} label="id" />
            {policy.dateUpdated && (
              <span>
                changed <Time at={policy.dateUpdated} />
              </span>
            )}
          </span>
        }
        actions={
          <>
            {isOpen && mayUpdate && (
              <Button asChild>
                <Link href={`/console/policies/${policy.id}/edit`}>
                  <Pencil aria-hidden />
                  Edit
                </Link>
              </Button>
            )}
            {isOpen && mayArchive && (
              <Button look="dangerQuiet" onClick={() => setArchiving(true)}>
                <Archive aria-hidden />
                Archive
              </Button>
            )}
          </>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        {pending && (
          <Notice
            tone="pending"
            title={pending.body.status === 'Archived' ? 'Archiving waits for approval' : 'A change waits for approval'}
            action={
              pending.approvalId && (
                <Button asChild size="sm">
                  <Link href={`/console/approvals/${pending.approvalId}`}>Open approval</Link>
                </Button>
              )
            }
          >
            Until it is decided, the policy below stays in force and can’t be changed otherwise.
          </Notice>
        )}
        <Section title="What it does">
          <PolicyWords definition={definitionOf(policy)} />
        </Section>
        {policy.rule.kind === 'TransactionRecipientWhitelist' && policy.rule.configuration.addresses.length > 0 && (
          <Section title="Listed recipients">
            <ul className="space-y-1">
              {policy.rule.configuration.addresses.map((address) => (
                <li key={address}>
                  <Copyable value={address} label="address" full />
                </li>
              ))}
            </ul>
          </Section>
        )}
        {pending && (
          <Section title="The change">
            <ChangeFacts change={pending} />
          </Section>
        )}
        <Section title="Versions">
          <PolicyVersions policyId={policy.id} />
        </Section>
        <Disclosure title="Definition as JSON">
          <CodeBlock text={JSON.stringify(definitionOf(policy), null, 2)} label="definition" />
          <p className="mt-1 break-all text-muted text-xs">
            Version <span className="font-mono">{shownPolicyVersion(policy)}</span>
          </p>
        </Disclosure>
      </div>
      <ArchiveDialog policy={policy} open={archiving} onOpenChange={setArchiving} />
    </article>
  );
};
