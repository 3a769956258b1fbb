'use client';

import { Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { useMay } from '@/lib/client/session';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { NumberInput } from './number-input';

export type Group = Extract<PolicyDefinition['action'], { kind: 'RequestApproval' }>['approvalGroups'][number];

/** One group: how many of whom. */
export const GroupFields = ({
  group,
  onChange,
  onRemove,
}: {
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}) => {
  const people = usePeople({ enabled: useMay('Auth:Users:Read') }).table.rows.filter((one) => one.isActive);
  const accounts = useServiceAccounts({ enabled: useMay('Auth:ServiceAccounts:Read') }).data?.items ?? [];
  const listed = group.approvers.userId?.in;
  const choices = [
    ...people.map((one) => ({ id: one.userId, label: one.username, isServiceAccount: false })),
    ...(group.serviceAccountsCanApprove
      ? accounts.map(({ userInfo }) => ({
          id: userInfo.userId,
          label: `${userInfo.name} (service account)`,
          isServiceAccount: true,
        }))
      : []),
  ];
  const setListed = (ids: readonly string[] | null) =>
    onChange({ ...group, approvers: ids ? { userId: { in: [...ids] } } : {} });
  const tooFew = listed !== undefined && new Set(listed).size < group.quorum;
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
        <div className="w-20">
          <Field label="Quorum" error={tooFew ? 'too few' : undefined}>
            <NumberInput value={group.quorum} onChange={(quorum) => onChange({ ...group, quorum })} />
          </Field>
        </div>
        {onRemove && (
          <Button look="quiet" aria-label={`Remove ${group.name ?? 'group'}`} onClick={onRemove} className="px-2">
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <Checkbox
        checked={listed === undefined}
        onChange={(anybody) => setListed(anybody ? null : [])}
        label="Anybody in the organisation"
        note="Any person who may approve."
      />
      {listed !== undefined && (
        <div className="thin-scroll max-h-44 space-y-1.5 overflow-y-auto rounded-md bg-sunken p-2.5">
          {choices.length === 0 && <p className="text-muted">Nobody to choose from yet; invite people first.</p>}
          {choices.map((choice) => (
            <Checkbox
              key={choice.id}
              checked={listed.includes(choice.id)}
              onChange={(on) => setListed(on ? [...listed, choice.id] : listed.filter((id) => id !== choice.id))}
              label={choice.label}
            />
          ))}
        </div>
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
    </fieldset>
  );
};
