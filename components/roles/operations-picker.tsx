'use client';

import { useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import { Input } from '@/components/ui/input';
import { OPERATIONS } from '@/lib/contract/table';

/** Operations that something in this version asks for; others can be stored but change nothing here. */
export const USED_OPERATIONS = [
  ...new Set([
    'Wallets:Sign',
    ...OPERATIONS.filter((operation) => operation.built).flatMap((operation) => operation.permission ?? []),
  ]),
].sort();

const AREA_WORDS: Readonly<Record<string, string>> = {
  Auth: 'People and service accounts',
  Keys: 'Keys and signatures',
  Permissions: 'Roles',
  Policies: 'Policies and approvals',
  Signers: 'Signers',
  Wallets: 'Wallets',
  KeyStores: 'Key stores',
  Webhooks: 'Webhooks',
  Orgs: 'Organisation',
};
const areaOf = (operation: string): string => operation.split(':')[0] ?? operation;

const NOTES: Readonly<Record<string, string>> = {
  'Wallets:Sign': 'Send, submit transactions and sign: the umbrella over the narrower ones.',
  'Policies:Approvals:Approve': 'Decide on what a policy asks this person for.',
  'Permissions:Assign': 'Give roles and vouch for people.',
  'Policies:Create': 'Make policies, and freeze.',
  'Wallets:Tags:Add': 'Policies look at tags: this can bring a wallet under them.',
  'Wallets:Tags:Delete': 'Policies look at tags: this can take a wallet out of them.',
};

/** Operations by area, to be ticked. */
export const OperationsPicker = ({
  chosen,
  onChange,
}: {
  chosen: readonly string[];
  onChange: (operations: readonly string[]) => void;
}) => {
  const [filter, setFilter] = useState('');
  const all = [...new Set([...USED_OPERATIONS, ...chosen])];
  const shown = all.filter((operation) => operation.toLowerCase().includes(filter.toLowerCase()));
  const areas = [...new Set(shown.map(areaOf))];
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-3">
        <Input
          aria-label="Filter operations"
          placeholder="Filter operations"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="max-w-64"
        />
        <span className="tabular text-muted text-xs">{chosen.length} chosen</span>
      </div>
      {areas.map((area) => {
        const members = shown.filter((operation) => areaOf(operation) === area);
        const on = members.filter((operation) => chosen.includes(operation));
        return (
          <fieldset key={area} className="rounded-lg border">
            <div className="flex min-h-10 items-center border-b px-3">
              <Checkbox
                checked={on.length === 0 ? false : on.length === members.length ? true : 'indeterminate'}
                onChange={(all) =>
                  onChange(
                    all
                      ? [...new Set([...chosen, ...members])]
                      : chosen.filter((operation) => !members.includes(operation)),
                  )
                }
                label={<span className="font-medium">{AREA_WORDS[area] ?? area}</span>}
              />
            </div>
            <div className="grid gap-x-4 gap-y-2 p-3 sm:grid-cols-2">
              {members.map((operation) => (
                <Checkbox
                  key={operation}
                  checked={chosen.includes(operation)}
                  onChange={(isOn) =>
                    onChange(isOn ? [...chosen, operation] : chosen.filter((one) => one !== operation))
                  }
                  label={<span className="break-words">{operation}</span>}
                  note={NOTES[operation]}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
      {shown.length === 0 && <p className="text-muted">No operation has “{filter}” in its name.</p>}
    </div>
  );
};
