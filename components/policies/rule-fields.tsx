'use client';

import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { POLICY_TABLE } from '@/lib/contract/policies';
import { EVALUATED_RULES } from '@/lib/contract/policy-rules';
import { draftRule } from './drafts';
import { NumberInput } from './number-input';
import { ScreeningFields } from './screening-fields';
import { minutesWords, RULE_LABELS } from './words';

type RuleFieldsProps = { draft: PolicyDefinition; onChange: (draft: PolicyDefinition) => void };

const Configuration = ({ draft, onChange }: RuleFieldsProps) => {
  const { rule } = draft;
  switch (rule.kind) {
    case 'TransactionAmountLimit':
      return (
        <Field label="Limit in USD" hint="Triggers above this value, and when the value is unknown.">
          <NumberInput
            value={rule.configuration.limit}
            onChange={(limit) =>
              onChange({ ...draft, rule: { ...rule, configuration: { ...rule.configuration, limit } } })
            }
          />
        </Field>
      );
    case 'TransactionAmountVelocity':
      return (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Limit in USD">
            <NumberInput
              value={rule.configuration.limit}
              onChange={(limit) =>
                onChange({ ...draft, rule: { ...rule, configuration: { ...rule.configuration, limit } } })
              }
            />
          </Field>
          <Field label="Within minutes" hint={minutesWords(rule.configuration.timeframe)}>
            <NumberInput
              value={rule.configuration.timeframe}
              onChange={(timeframe) =>
                onChange({ ...draft, rule: { ...rule, configuration: { ...rule.configuration, timeframe } } })
              }
            />
          </Field>
        </div>
      );
    case 'TransactionCountVelocity':
      return (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Requests" hint="This many pass; the next triggers.">
            <NumberInput
              value={rule.configuration.limit}
              onChange={(limit) =>
                onChange({ ...draft, rule: { ...rule, configuration: { ...rule.configuration, limit } } })
              }
            />
          </Field>
          <Field label="Within minutes" hint={minutesWords(rule.configuration.timeframe)}>
            <NumberInput
              value={rule.configuration.timeframe}
              onChange={(timeframe) =>
                onChange({ ...draft, rule: { ...rule, configuration: { ...rule.configuration, timeframe } } })
              }
            />
          </Field>
        </div>
      );
    case 'TransactionRecipientWhitelist':
      return (
        <Field
          label="Recipients that pass"
          hint="One address a line. Everything else triggers, and so does an unknown recipient."
        >
          <Textarea
            mono
            rows={5}
            defaultValue={rule.configuration.addresses.join('\n')}
            onChange={(event) =>
              onChange({
                ...draft,
                rule: {
                  ...rule,
                  configuration: { addresses: [...new Set(event.target.value.split(/\s+/).filter(Boolean))] },
                },
              })
            }
          />
        </Field>
      );
    case 'AlwaysTrigger':
      return null;
    case 'ChainalysisTransactionPrescreening':
    case 'ChainalysisTransactionScreening':
    case 'GlobalLedgerTransactionPrescreening':
    case 'TravelRuleTransactionPrescreening':
      return <ScreeningFields rule={rule} onChange={(next) => onChange({ ...draft, rule: next })} />;
    default:
      return (
        <Notice title="Edit this rule as JSON">
          It has no form here. It is stored, and always triggers in this version.
        </Notice>
      );
  }
};

/** Which rule, and its values. */
export const RuleFields = ({ draft, onChange }: RuleFieldsProps) => {
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
      <Configuration draft={draft} onChange={onChange} />
    </>
  );
};
