'use client';

import { Checkbox } from '@/components/ui/checkbox';
import { FormField } from '@/components/ui/form';
import { NumberInput } from './number-input';
import { PeopleChoice } from './people-choice';
import type { PolicyFormOf } from './policy-problems';
import { ProblemAt } from './problem-at';
import { type Group, minutesWords } from './words';

/** An hour: long enough for those who were asked first. */
const FIRST_MINUTES = 60;

/** More people for the same seats once some time has passed. */
export const EscalationFields = ({
  form,
  at,
  group,
  onChange,
}: {
  form: PolicyFormOf;
  /** The group's place. */
  at: number;
  group: Group;
  onChange: (group: Group) => void;
}) => {
  const { escalation, ...rest } = group;
  const listed = group.approvers.userId?.in ?? [];
  const set = (afterMinutes: number, ids: readonly string[]) =>
    onChange({ ...rest, escalation: { afterMinutes, approvers: { userId: { in: [...ids] } } } });
  const later = escalation?.approvers.userId.in ?? [];
  return (
    <div className="space-y-2">
      <Checkbox
        checked={escalation !== undefined}
        onChange={(on) => (on ? set(FIRST_MINUTES, []) : onChange(rest))}
        label="Ask more people after a time"
        note="They may take seats of this group too, and are told by mail. The quorum stays."
      />
      {escalation && (
        <div className="space-y-2 pl-6">
          <FormField
            form={form}
            name={`action.approvalGroups.${at}.escalation.afterMinutes`}
            label="Minutes until they are asked"
            hint={minutesWords(escalation.afterMinutes)}
          >
            {(control) => <NumberInput {...control} />}
          </FormField>
          <PeopleChoice
            label="People asked later"
            chosen={later}
            onChange={(ids) => set(escalation.afterMinutes, ids)}
            without={listed}
            withServiceAccounts={group.serviceAccountsCanApprove ?? false}
          />
          <ProblemAt form={form} name={`action.approvalGroups.${at}.escalation.approvers.userId.in`} />
        </div>
      )}
    </div>
  );
};
