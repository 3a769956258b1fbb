'use client';

import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { FormField } from '@/components/ui/form';
import { Select } from '@/components/ui/select';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { CategoriesInput } from './list-field';
import { NumberInput } from './number-input';
import type { PolicyFormOf } from './policy-problems';
import { skipLabel } from './words';

type Rule = PolicyDefinition['rule'];
type Of<K extends Rule['kind']> = Extract<Rule, { kind: K }>;
type Chainalysis = Of<'ChainalysisTransactionPrescreening' | 'ChainalysisTransactionScreening'>;
type TravelRule = Of<'TravelRuleTransactionPrescreening'>;
type ScreeningRule = Chainalysis | Of<'GlobalLedgerTransactionPrescreening'> | TravelRule;

const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'SEVERE'] as const;

const Categories = ({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: readonly number[];
  onChange: (ids: number[]) => void;
}) => (
  <Field label={label} hint={hint}>
    <CategoriesInput value={value} placeholder="3, 8" className="tabular" onChange={onChange} />
  </Field>
);

/** What passes although there is no answer; nothing is chosen at first. */
const Fallback = <F extends Readonly<Record<string, boolean>>>({
  value,
  onChange,
}: {
  value: F;
  onChange: (value: F) => void;
}) => (
  <fieldset>
    <legend className="mb-1 font-medium">Lets pass without an answer</legend>
    <div className="space-y-1.5 rounded-md bg-sunken p-2.5">
      {Object.entries(value).map(([flag, isSkipped]) => (
        <Checkbox
          key={flag}
          checked={isSkipped}
          label={skipLabel(flag)}
          onChange={(next) => onChange({ ...value, [flag]: next })}
        />
      ))}
    </div>
  </fieldset>
);

const ChainalysisFields = ({ rule, onChange }: { rule: Chainalysis; onChange: (rule: Rule) => void }) => {
  const { configuration } = rule;
  const { alerts, exposures } = configuration;
  const set = (changes: Partial<Chainalysis['configuration']>) =>
    onChange({ ...rule, configuration: { ...configuration, ...changes } } as Rule);
  return (
    <>
      <Field label="Alerts from level">
        <Select
          value={alerts.alertLevel}
          onChange={(level) =>
            set({ alerts: { ...alerts, alertLevel: LEVELS.find((one) => one === level) ?? alerts.alertLevel } })
          }
          options={LEVELS.map((level) => ({ value: level, label: level }))}
        />
      </Field>
      <Categories
        label="Alerts of categories"
        hint="Chainalysis category numbers; empty is every category."
        value={alerts.categoryIds}
        onChange={(categoryIds) => set({ alerts: { ...alerts, categoryIds } })}
      />
      <Categories
        label="Direct exposure to categories"
        hint="Empty is none."
        value={exposures.direct.categoryIds}
        onChange={(categoryIds) => set({ exposures: { direct: { categoryIds } } })}
      />
      {rule.kind === 'ChainalysisTransactionPrescreening' && (
        <Categories
          label="Addresses of categories"
          hint="Empty is none. Sanctions lists always count."
          value={rule.configuration.addresses.categoryIds}
          onChange={(categoryIds) =>
            onChange({ ...rule, configuration: { ...rule.configuration, addresses: { categoryIds } } })
          }
        />
      )}
      <Fallback
        value={configuration.fallbackBehaviours}
        onChange={(fallbackBehaviours) => set({ fallbackBehaviours })}
      />
    </>
  );
};

const TravelRuleFields = ({ form, rule, onChange }: ScreeningFieldsProps & { rule: TravelRule }) => {
  const { autoClearAfterDeliveredTimeoutSeconds: clear, ...unclearing } = rule.configuration;
  return (
    <div className="space-y-3">
      <p className="text-muted">Triggers unless Notabene’s message about the transfer is accepted.</p>
      <FormField
        form={form}
        name="rule.configuration.autoTriggerTimeoutSeconds"
        label="Seconds until it triggers without an answer"
        hint="Kept with the policy. In this version a request does not wait: what is not accepted triggers at once."
      >
        {(control) => <NumberInput {...control} />}
      </FormField>
      <Checkbox
        checked={clear !== undefined}
        label="Let pass what was delivered and not answered"
        onChange={(on) =>
          onChange({
            ...rule,
            configuration: on ? { ...unclearing, autoClearAfterDeliveredTimeoutSeconds: 3600 } : unclearing,
          })
        }
      />
      {clear !== undefined && (
        <div className="pl-6">
          <FormField
            form={form}
            name="rule.configuration.autoClearAfterDeliveredTimeoutSeconds"
            label="Seconds after it was delivered"
          >
            {(control) => <NumberInput {...control} />}
          </FormField>
        </div>
      )}
    </div>
  );
};

type ScreeningFieldsProps = { form: PolicyFormOf; rule: ScreeningRule; onChange: (rule: Rule) => void };

/** The values of a rule that reads what a vendor says. */
export const ScreeningFields = ({ form, rule, onChange }: ScreeningFieldsProps) => {
  switch (rule.kind) {
    case 'GlobalLedgerTransactionPrescreening':
      return (
        <>
          <FormField
            form={form}
            name="rule.configuration.riskScoreThreshold"
            label="Risk score"
            hint="0 to 100; triggers at this score and above."
          >
            {(control) => <NumberInput {...control} />}
          </FormField>
          <Fallback
            value={rule.configuration.fallbackBehaviours}
            onChange={(fallbackBehaviours) =>
              onChange({ ...rule, configuration: { ...rule.configuration, fallbackBehaviours } })
            }
          />
        </>
      );
    case 'TravelRuleTransactionPrescreening':
      return <TravelRuleFields form={form} rule={rule} onChange={onChange} />;
    default:
      return <ChainalysisFields rule={rule} onChange={onChange} />;
  }
};
