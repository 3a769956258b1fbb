'use client';

import { Field } from '@/components/ui/field';
import { FormField } from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { POLICY_TABLE } from '@/lib/contract/policies';
import { EVALUATED_RULES } from '@/lib/contract/policy-rules';
import { draftRule } from './drafts';
import { AddressesInput } from './list-field';
import { NumberInput } from './number-input';
import type { PolicyFormOf } from './policy-problems';
import { ScreeningFields } from './screening-fields';
import { minutesWords, RULE_LABELS } from './words';

type RuleFieldsProps = { form: PolicyFormOf; draft: PolicyDefinition; onChange: (draft: PolicyDefinition) => void };

const Limit = ({ form, label, hint, unit }: { form: PolicyFormOf; label: string; hint?: string; unit?: string }) => (
  <FormField form={form} name="rule.configuration.limit" label={label} hint={hint}>
    {(control) => <NumberInput {...control} {...(unit && { unit })} />}
  </FormField>
);

const Timeframe = ({ form, minutes }: { form: PolicyFormOf; minutes: number }) => (
  <FormField form={form} name="rule.configuration.timeframe" label="Within minutes" hint={minutesWords(minutes)}>
    {(control) => <NumberInput {...control} />}
  </FormField>
);

const Configuration = ({ form, draft, onChange }: RuleFieldsProps) => {
  const { rule } = draft;
  switch (rule.kind) {
    case 'TransactionAmountLimit':
      return (
        <Limit
          form={form}
          label="Limit in USD"
          unit="USD"
          hint="Triggers above this value, and when the value is unknown."
        />
      );
    case 'TransactionAmountVelocity':
      return (
        <div className="grid grid-cols-2 gap-3">
          <Limit form={form} label="Limit in USD" unit="USD" />
          <Timeframe form={form} minutes={rule.configuration.timeframe} />
        </div>
      );
    case 'TransactionCountVelocity':
      return (
        <div className="grid grid-cols-2 gap-3">
          <Limit form={form} label="Requests" hint="This many pass; the next triggers." />
          <Timeframe form={form} minutes={rule.configuration.timeframe} />
        </div>
      );
    case 'TransactionRecipientWhitelist':
      return (
        <FormField
          form={form}
          name="rule.configuration.addresses"
          label="Recipients that pass"
          hint="One address a line. Everything else triggers, and so does an unknown recipient."
        >
          {({ value: _addresses, ...control }) => (
            <AddressesInput {...control} mono rows={5} value={rule.configuration.addresses} />
          )}
        </FormField>
      );
    case 'AlwaysTrigger':
      return null;
    case 'ChainalysisTransactionPrescreening':
    case 'ChainalysisTransactionScreening':
    case 'GlobalLedgerTransactionPrescreening':
    case 'TravelRuleTransactionPrescreening':
      return <ScreeningFields form={form} rule={rule} onChange={(next) => onChange({ ...draft, rule: next })} />;
    default:
      return (
        <Notice title="Edit this rule as JSON">
          It has no form here. It is stored, and always triggers in this version.
        </Notice>
      );
  }
};

/** Which rule, and its values. */
export const RuleFields = ({ form, draft, onChange }: RuleFieldsProps) => {
  const kinds = POLICY_TABLE[draft.activityKind].rules.filter(
    (kind) => EVALUATED_RULES.includes(kind) || kind === draft.rule.kind,
  );
  const setKind = (kind: string) => {
    const found = kinds.find((one) => one === kind);
    const rule = found && draftRule(found);
    if (rule) onChange({ ...draft, rule });
  };
  return (
    <>
      <Field label="Triggers">
        <Select
          value={draft.rule.kind}
          onChange={setKind}
          options={kinds.map((kind) => ({ value: kind, label: RULE_LABELS[kind] }))}
        />
      </Field>
      <Configuration form={form} draft={draft} onChange={onChange} />
    </>
  );
};
