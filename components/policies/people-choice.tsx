'use client';

import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { useMay } from '@/lib/client/session';
import { TickList } from './tick-list';

type PeopleChoiceProps = {
  label: string;
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
  /** Named elsewhere already, so not offered. */
  without?: readonly string[];
  withServiceAccounts: boolean;
};

/** People of the organisation, and service accounts where they count, each to be ticked. */
export const PeopleChoice = ({ label, chosen, onChange, without = [], withServiceAccounts }: PeopleChoiceProps) => {
  const people = usePeople({ enabled: useMay('Auth:Users:Read') }).table.rows.filter((one) => one.isActive);
  const accounts = useServiceAccounts({ enabled: useMay('Auth:ServiceAccounts:Read') }).data?.items ?? [];
  const choices = [
    ...people.map((one) => ({ id: one.userId, label: one.username })),
    ...(withServiceAccounts
      ? accounts.map(({ userInfo }) => ({ id: userInfo.userId, label: `${userInfo.name} (service account)` }))
      : []),
  ]
    .filter(({ id }) => !without.includes(id))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <fieldset className="thin-scroll max-h-44 space-y-1.5 overflow-y-auto rounded-md bg-sunken p-2.5">
      <legend className="sr-only">{label}</legend>
      <TickList
        choices={choices}
        chosen={chosen}
        onChange={onChange}
        empty={without.length > 0 ? 'Everybody is named above.' : 'Nobody to choose from yet; invite people first.'}
      />
    </fieldset>
  );
};
