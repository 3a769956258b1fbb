'use client';

import { Field } from '@/components/ui/field';
import { usePermissions } from '@/lib/client/permissions';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { useWallets } from '@/lib/client/wallets';
import { POLICY_TABLE } from '@/lib/contract/policies';
import { TagsInput } from './list-field';
import type { PolicyFormOf } from './policy-problems';
import { ProblemAt } from './problem-at';
import { TickList } from './tick-list';

type Filters = NonNullable<PolicyDefinition['filters']>;
type FilterFieldsProps = { form: PolicyFormOf; draft: PolicyDefinition; onChange: (draft: PolicyDefinition) => void };
type Choice = { readonly id: string; readonly label: string };

const Choices = ({
  label,
  choices,
  chosen,
  onChange,
}: {
  label: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
}) => (
  <fieldset>
    <legend className="mb-1 font-medium">{label}</legend>
    <div className="thin-scroll max-h-40 space-y-1.5 overflow-y-auto rounded-md bg-sunken p-2.5">
      <TickList choices={choices} chosen={chosen} onChange={onChange} empty="None to choose from." />
    </div>
  </fieldset>
);

/** Where the contract finds fault with what is chosen. */
const FILTERS = [
  'filters.walletId.in',
  'filters.walletTags.hasAny',
  'filters.walletTags.hasAll',
  'filters.permissionId.in',
  'filters.policyId.in',
] as const;

/** What the policy is limited to; nothing chosen is the whole organisation. */
export const FilterFields = ({ form, draft, onChange }: FilterFieldsProps) => {
  const allowed = POLICY_TABLE[draft.activityKind].filters;
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows;
  const policies = usePolicies('Active').table.rows;
  const filters = draft.filters ?? {};
  const set = (next: Filters) => {
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
    const { filters: _dropped, ...rest } = draft;
    onChange(Object.keys(kept).length > 0 ? { ...rest, filters: kept } : rest);
  };
  const oneOf = (ids: readonly string[]) => (ids.length > 0 ? { in: [...ids] } : undefined);
  const setTags = (which: 'hasAny' | 'hasAll', tags: string[]) => {
    const { [which]: _old, ...other } = filters.walletTags ?? {};
    const walletTags = { ...other, ...(tags.length > 0 && { [which]: tags }) };
    set({ ...filters, walletTags: Object.keys(walletTags).length > 0 ? walletTags : undefined });
  };
  return (
    <div className="space-y-4">
      {allowed.includes('walletId') && (
        <Choices
          label="Wallets"
          choices={wallets.map((one) => ({ id: one.id, label: one.name ?? one.id }))}
          chosen={filters.walletId?.in ?? []}
          onChange={(ids) => set({ ...filters, walletId: oneOf(ids) })}
        />
      )}
      {allowed.includes('walletTags') && (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Any of these tags" optional>
            <TagsInput value={filters.walletTags?.hasAny ?? []} onChange={(tags) => setTags('hasAny', tags)} />
          </Field>
          <Field label="All of these tags" optional>
            <TagsInput value={filters.walletTags?.hasAll ?? []} onChange={(tags) => setTags('hasAll', tags)} />
          </Field>
        </div>
      )}
      {allowed.includes('permissionId') && (
        <Choices
          label="Roles"
          choices={roles.map((one) => ({ id: one.id, label: one.name }))}
          chosen={filters.permissionId?.in ?? []}
          onChange={(ids) => set({ ...filters, permissionId: oneOf(ids) })}
        />
      )}
      {allowed.includes('policyId') && (
        <Choices
          label="Policies"
          choices={policies.map((one) => ({ id: one.id, label: one.name }))}
          chosen={filters.policyId?.in ?? []}
          onChange={(ids) => set({ ...filters, policyId: oneOf(ids) })}
        />
      )}
      {FILTERS.map((name) => (
        <ProblemAt key={name} form={form} name={name} />
      ))}
      <p className="text-muted text-xs">
        Nothing chosen: the whole organisation.
        {allowed.includes('walletTags') &&
          ' Tags count as they are when a request is made, so who may set tags matters.'}
      </p>
    </div>
  );
};
