'use client';

import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { NumberInput } from './number-input';
import { PeopleChoice } from './people-choice';
import { type Group, minutesWords } from './words';

/** An hour: long enough for those who were asked first. */
const FIRST_MINUTES = 60;
const MOST_MINUTES = 43_200;

/** More people for the same seats once some time has passed. */
export const EscalationFields = ({ group, onChange }: { group: Group; onChange: (group: Group) => void }) => {
  const { escalation, ...rest } = group;
  const listed = group.approvers.userId?.in ?? [];
  const set = (afterMinutes: number, ids: readonly string[]) =>
    onChange({ ...rest, escalation: { afterMinutes, approvers: { userId: { in: [...ids] } } } });
  const later = escalation?.approvers.userId.in ?? [];
  const isTooLate =
    escalation !== undefined && !(escalation.afterMinutes >= 1 && escalation.afterMinutes <= MOST_MINUTES);
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
          <Field
            label="Minutes until they are asked"
            hint={minutesWords(escalation.afterMinutes)}
            error={isTooLate ? 'Give a whole number from 1 to 43200, thirty days.' : undefined}
          >
            <NumberInput value={escalation.afterMinutes} onChange={(afterMinutes) => set(afterMinutes, later)} />
          </Field>
          <PeopleChoice
            label="People asked later"
            chosen={later}
            onChange={(ids) => set(escalation.afterMinutes, ids)}
            without={listed}
            withServiceAccounts={group.serviceAccountsCanApprove ?? false}
          />
          {later.length === 0 && <p className="text-muted text-xs">Choose at least one person.</p>}
        </div>
      )}
    </div>
  );
};
