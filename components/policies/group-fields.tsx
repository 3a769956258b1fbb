'use client';

import { Trash2 } from 'lucide-react';
import { useId } from 'react';
import { useController } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { EscalationFields } from './escalation-fields';
import { NumberInput } from './number-input';
import { PeopleChoice } from './people-choice';
import type { PolicyFormOf } from './policy-problems';
import { ProblemAt } from './problem-at';
import type { Group } from './words';

/** Who is asked at once is not asked again later. */
const withoutListed = (escalation: NonNullable<Group['escalation']>, listed: readonly string[]) => ({
  ...escalation,
  approvers: { userId: { in: escalation.approvers.userId.in.filter((id) => !listed.includes(id)) } },
});

/** One group: how many of whom, and who else once it takes long. */
export const GroupFields = ({
  form,
  at,
  group,
  onChange,
  onRemove,
}: {
  form: PolicyFormOf;
  /** Place among the groups. */
  at: number;
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}) => {
  const problemId = useId();
  const quorum = useController({ control: form.control, name: `action.approvalGroups.${at}.quorum` });
  const listed = group.approvers.userId?.in;
  // A group of anybody has nobody left to ask later.
  const setListed = (ids: readonly string[] | null) => {
    const { escalation, ...rest } = group;
    onChange(
      ids
        ? {
            ...rest,
            ...(escalation && { escalation: withoutListed(escalation, ids) }),
            approvers: { userId: { in: [...ids] } },
          }
        : { ...rest, approvers: {} },
    );
  };
  return (
    <fieldset className="space-y-3 rounded-md border p-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label="Group">
            <Input
              value={group.name ?? ''}
              maxLength={100}
              onChange={(event) =>
                onChange({ ...group, ...(event.target.value ? { name: event.target.value } : { name: undefined }) })
              }
            />
          </Field>
        </div>
        <div className="w-20 shrink-0">
          <Field label="Quorum">
            <NumberInput
              {...quorum.field}
              aria-invalid={quorum.fieldState.invalid}
              aria-describedby={quorum.fieldState.invalid ? problemId : undefined}
            />
          </Field>
        </div>
        {onRemove && (
          <Button look="quiet" aria-label={`Remove ${group.name ?? 'group'}`} onClick={onRemove} className="px-2">
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <ProblemAt form={form} name={`action.approvalGroups.${at}.quorum`} id={problemId} />
      <Checkbox
        checked={listed === undefined}
        onChange={(anybody) => setListed(anybody ? null : [])}
        label="Anybody in the organisation"
        note="Any person who may approve."
      />
      {listed !== undefined && (
        <>
          <PeopleChoice
            label={`People of ${group.name ?? 'this group'}`}
            chosen={listed}
            onChange={setListed}
            withServiceAccounts={group.serviceAccountsCanApprove ?? false}
          />
          <ProblemAt form={form} name={`action.approvalGroups.${at}.approvers.userId.in`} />
        </>
      )}
      <Checkbox
        checked={group.initiatorCanApprove ?? false}
        onChange={(on) => onChange({ ...group, initiatorCanApprove: on })}
        label="The requester may be one of them"
      />
      <Checkbox
        checked={group.serviceAccountsCanApprove ?? false}
        onChange={(on) => onChange({ ...group, serviceAccountsCanApprove: on })}
        label="Service accounts may be listed"
      />
      {listed !== undefined && <EscalationFields form={form} at={at} group={group} onChange={onChange} />}
    </fieldset>
  );
};
