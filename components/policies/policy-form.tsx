'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ChangedMeanwhile } from '@/components/frame/changed-meanwhile';
import { PaneHeader } from '@/components/frame/pane-header';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { UnsavedScope } from '@/components/ui/unsaved';
import { definitionChanges } from '@/lib/client/definition-changes';
import { useCreatePolicy, useUpdatePolicy } from '@/lib/client/policies';
import type { Policy, PolicyDefinition } from '@/lib/client/shapes';
import { ACTIVITY_KINDS, POLICY_TABLE } from '@/lib/contract/policies';
import { definitionOf, shownPolicyVersion } from '@/lib/verifying/versions';
import { ActionFields } from './action-fields';
import { actionFor, draftRule } from './drafts';
import { DryRun } from './dry-run';
import { FieldChanges } from './field-changes';
import { FilterFields } from './filter-fields';
import { JsonEditor } from './json-editor';
import { policyForm } from './policy-problems';
import { PolicyWords } from './policy-words';
import { RuleFields } from './rule-fields';
import { activityWords } from './words';

/** Kinds whose policies something here asks; the registry ones are stored and never asked. */
const KINDS = ACTIVITY_KINDS.filter((kind) => !kind.startsWith('Registry:'));

/** Whether a number of it is being written. */
const hasGap = (value: unknown): boolean =>
  Number.isNaN(value) || (typeof value === 'object' && value !== null && Object.values(value).some(hasGap));

const PARTS = ['name', 'activityKind', 'rule', 'action', 'filters'] as const;

/**
 * Form beside JSON, both of the same definition; an edit shows what differs before it is signed, and replaces the version that was there
 * when it was opened, no later one.
 */
export const PolicyForm = ({ start, policy: now }: { start: PolicyDefinition; policy?: Policy }) => {
  const router = useRouter();
  const [policy, setPolicy] = useState(now);
  const [jsonProblem, setJsonProblem] = useState<string | null>(null);
  const form = useZodForm(policyForm, start);
  const draft = form.watch();
  const create = useCreatePolicy();
  const update = useUpdatePolicy();
  const mutation = policy ? update : create;
  const back = policy ? `/console/policies/${policy.id}` : '/console/policies';
  const body = definitionOf(draft);

  /** Puts another definition into the form; what is wrong with it is said once somebody tried to sign. */
  const setDraft = (next: PolicyDefinition) => {
    for (const part of PARTS) form.setValue(part, next[part], { shouldDirty: true });
    if (form.formState.isSubmitted) void form.trigger();
  };
  const setKind = (kind: string) => {
    const activityKind = KINDS.find((one) => one === kind);
    if (!activityKind) return;
    const allowed = POLICY_TABLE[activityKind];
    const rule = allowed.rules.includes(draft.rule.kind) ? draft.rule : draftRule(allowed.rules[0] ?? 'AlwaysTrigger');
    if (rule) setDraft({ name: draft.name, activityKind, rule, action: actionFor(activityKind, draft.action) });
  };
  const submit = () => {
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
    <UnsavedScope onLink={(href) => router.push(href)}>
      {() => (
        <article>
          <PaneHeader
            backHref={back}
            backLabel={policy ? policy.name : 'Policies'}
            title={policy ? `Edit “${policy.name}”` : 'New policy'}
            actions={
              <Button
                type="submit"
                form={form.id}
                look="primary"
                busy={mutation.isPending}
                disabled={jsonProblem !== null}
              >
                <KeyRound aria-hidden />
                {policy ? 'Save with passkey' : 'Create with passkey'}
              </Button>
            }
          />
          <div className="@container space-y-4 p-4 sm:p-6">
            <SigningProblem error={mutation.error} />
            {policy && now && (
              <ChangedMeanwhile
                what="this policy"
                opened={shownPolicyVersion(policy)}
                now={shownPolicyVersion(now)}
                onReload={() => {
                  setPolicy(now);
                  form.reset(definitionOf(now));
                  mutation.reset();
                }}
              >
                <FieldChanges changes={definitionChanges(definitionOf(policy), definitionOf(now))} />
              </ChangedMeanwhile>
            )}
            {jsonProblem !== null && (
              <Notice tone="bad" title="This can’t be saved: the JSON is no policy yet">
                {jsonProblem} The form still holds the last one that was. Mend the JSON, or take the form’s.
              </Notice>
            )}
            {form.formState.isSubmitted && !form.formState.isValid && (
              <Notice tone="bad" title="Nothing was signed yet">
                Something below is missing or can’t be. Each such field says what to do.
              </Notice>
            )}
            <div className="grid @2xl:grid-cols-2 gap-4">
              <Form form={form} onSubmit={submit} className="space-y-4">
                <Section title="Policy">
                  <div className="space-y-4">
                    <FormField form={form} name="name" label="Name">
                      {(control) => <Input {...control} maxLength={100} />}
                    </FormField>
                    <Field label="Looks at" hint={policy ? 'Can’t be changed; make a new policy instead.' : undefined}>
                      <Select
                        value={draft.activityKind}
                        disabled={policy !== undefined}
                        onChange={setKind}
                        options={KINDS.map((kind) => ({ value: kind, label: activityWords(kind) }))}
                      />
                    </Field>
                    <RuleFields form={form} draft={draft} onChange={setDraft} />
                  </div>
                </Section>
                <Section title="Then">
                  <ActionFields form={form} draft={draft} onChange={setDraft} />
                </Section>
                <Section title="Only for">
                  <FilterFields form={form} draft={draft} onChange={setDraft} />
                </Section>
              </Form>
              <div className="space-y-4">
                <Section title="In words">
                  {hasGap(draft) ? (
                    <p className="text-muted">A number is missing in the form.</p>
                  ) : (
                    <PolicyWords definition={draft} />
                  )}
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
                  <JsonEditor value={body} onChange={setDraft} problem={jsonProblem} onProblem={setJsonProblem} />
                </Section>
              </div>
            </div>
          </div>
        </article>
      )}
    </UnsavedScope>
  );
};
