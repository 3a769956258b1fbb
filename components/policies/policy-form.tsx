'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { PaneHeader } from '@/components/frame/pane-header';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Section } from '@/components/ui/section';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { definitionChanges } from '@/lib/client/definition-changes';
import { useCreatePolicy, useUpdatePolicy } from '@/lib/client/policies';
import type { Policy, PolicyDefinition } from '@/lib/client/shapes';
import { ACTIVITY_KINDS, POLICY_TABLE, policyBody } from '@/lib/contract/policies';
import { definitionOf, shownPolicyVersion } from '@/lib/verifying/versions';
import { ActionFields } from './action-fields';
import { actionFor, draftRule } from './drafts';
import { DryRun } from './dry-run';
import { FieldChanges } from './field-changes';
import { FilterFields } from './filter-fields';
import { JsonEditor } from './json-editor';
import { PolicyWords } from './policy-words';
import { RuleFields } from './rule-fields';
import { activityWords } from './words';

/** Kinds whose policies something here asks; the registry ones are stored and never asked. */
const KINDS = ACTIVITY_KINDS.filter((kind) => !kind.startsWith('Registry:'));

type Issue = { readonly path: string; readonly message: string };

const issuesOf = (draft: PolicyDefinition): readonly Issue[] => {
  const parsed = policyBody.safeParse(draft);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
};

/** Form beside JSON, both of the same definition; an edit shows what differs before it is signed. */
export const PolicyForm = ({ start, policy }: { start: PolicyDefinition; policy?: Policy }) => {
  const router = useRouter();
  const [draft, setDraft] = useState<PolicyDefinition>(start);
  const [tried, setTried] = useState(false);
  const create = useCreatePolicy();
  const update = useUpdatePolicy();
  const mutation = policy ? update : create;
  const issues = issuesOf(draft);
  const issueAt = (path: string) => (tried ? issues.find((issue) => issue.path.startsWith(path))?.message : undefined);
  const back = policy ? `/console/policies/${policy.id}` : '/console/policies';
  const body = definitionOf(draft);

  const setKind = (kind: string) => {
    const activityKind = KINDS.find((one) => one === kind);
    if (!activityKind) return;
    const allowed = POLICY_TABLE[activityKind];
    const rule = allowed.rules.includes(draft.rule.kind) ? draft.rule : draftRule(allowed.rules[0] ?? 'AlwaysTrigger');
    if (rule) setDraft({ name: draft.name, activityKind, rule, action: actionFor(activityKind, draft.action) });
  };
  const submit = () => {
    setTried(true);
    if (issues.length > 0) return;
    if (policy)
      update.mutate(
        { params: { policyId: policy.id }, body, context: { replaces: shownPolicyVersion(policy) } },
        {
          onSuccess: (answer) => {
            if (answer.kind === 'waits')
              toast.note('Waiting for approval', `The change of “${policy.name}” is governed.`);
            else toast.done(`Changed “${draft.name}”`);
            router.push(back);
          },
        },
      );
    else
      create.mutate(
        { body },
        {
          onSuccess: (answer) => {
            toast.done(`Created “${draft.name}”`, 'It applies to requests from now on.');
            router.push(answer.kind === 'done' ? `/console/policies/${answer.result.id}` : back);
          },
        },
      );
  };
  return (
    <article>
      <PaneHeader
        backHref={back}
        backLabel={policy ? policy.name : 'Policies'}
        title={policy ? `Edit “${policy.name}”` : 'New policy'}
        actions={
          <Button look="primary" busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {policy ? 'Save with passkey' : 'Create with passkey'}
          </Button>
        }
      />
      <div className="@container space-y-4 p-4 sm:p-6">
        <SigningProblem error={mutation.error} />
        {tried && issues.length > 0 && (
          <p role="alert" className="text-bad">
            {issues.map((issue) => `${issue.path || 'policy'} ${issue.message}`).join('; ')}
          </p>
        )}
        <div className="grid @2xl:grid-cols-2 gap-4">
          <div className="space-y-4">
            <Section title="Policy">
              <div className="space-y-4">
                <Field label="Name" error={issueAt('name')}>
                  <Input
                    value={draft.name}
                    maxLength={100}
                    onChange={(event) => setDraft({ ...draft, name: event.target.value })}
                  />
                </Field>
                <Field label="Looks at" hint={policy ? 'Can’t be changed; make a new policy instead.' : undefined}>
                  <Select
                    value={draft.activityKind}
                    disabled={policy !== undefined}
                    onChange={setKind}
                    options={KINDS.map((kind) => ({ value: kind, label: activityWords(kind) }))}
                  />
                </Field>
                <RuleFields draft={draft} onChange={setDraft} />
              </div>
            </Section>
            <Section title="Then">
              <ActionFields draft={draft} onChange={setDraft} error={issueAt('action')} />
            </Section>
            <Section title="Only for">
              <FilterFields draft={draft} onChange={setDraft} />
            </Section>
          </div>
          <div className="space-y-4">
            <Section title="In words">
              <PolicyWords definition={draft} />
            </Section>
            {policy && (
              <Section title="What differs">
                <FieldChanges changes={definitionChanges(definitionOf(policy), body)} />
              </Section>
            )}
            <Section title="Dry run">
              <DryRun definition={body} {...(policy && { policyId: policy.id })} />
            </Section>
            <Section title="As JSON">
              <JsonEditor value={body} onChange={setDraft} />
            </Section>
          </div>
        </div>
      </div>
    </article>
  );
};
