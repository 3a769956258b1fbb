'use client';

import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { POLICY_TABLE } from '@/lib/contract/policies';
import { DelayFields } from './delay-fields';
import { draftAction } from './drafts';
import { GroupFields } from './group-fields';
import type { PolicyFormOf } from './policy-problems';
import { ACTION_LABELS } from './words';

type ActionFieldsProps = {
  form: PolicyFormOf;
  draft: PolicyDefinition;
  onChange: (draft: PolicyDefinition) => void;
};

/** Block, note, or ask groups of people. */
export const ActionFields = ({ form, draft, onChange }: ActionFieldsProps) => {
  const { action } = draft;
  const kinds = POLICY_TABLE[draft.activityKind].actions;
  const setKind = (kind: string) => {
    const found = kinds.find((one) => one === kind);
    if (found && found !== action.kind) onChange({ ...draft, action: draftAction(found) });
  };
  return (
    <div className="space-y-4">
      <Field label="When it triggers">
        <Select
          value={action.kind}
          onChange={setKind}
          options={kinds.map((kind) => ({ value: kind, label: ACTION_LABELS[kind] }))}
        />
      </Field>
      {action.kind === 'RequestApproval' && (
        <>
          {action.approvalGroups.map((group, at) => (
            <GroupFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a group's place is its identity
              key={at}
              form={form}
              at={at}
              group={group}
              onChange={(next) =>
                onChange({
                  ...draft,
                  action: {
                    ...action,
                    approvalGroups: action.approvalGroups.map((one, index) => (index === at ? next : one)),
                  },
                })
              }
              {...(action.approvalGroups.length > 1 && {
                onRemove: () =>
                  onChange({
                    ...draft,
                    action: { ...action, approvalGroups: action.approvalGroups.filter((_, index) => index !== at) },
                  }),
              })}
            />
          ))}
          <Button
            size="sm"
            onClick={() =>
              onChange({
                ...draft,
                action: {
                  ...action,
                  approvalGroups: [
                    ...action.approvalGroups,
                    { name: `Group ${action.approvalGroups.length + 1}`, quorum: 1, approvers: {} },
                  ],
                },
              })
            }
          >
            <Plus aria-hidden />
            Add a group that must also agree
          </Button>
          <DelayFields
            form={form}
            action={action}
            canWait={draft.activityKind === 'Wallets:Sign'}
            onChange={(next) => onChange({ ...draft, action: next })}
          />
        </>
      )}
    </div>
  );
};
