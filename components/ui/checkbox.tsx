'use client';

import { Check, Minus } from 'lucide-react';
import { Checkbox as Base } from 'radix-ui';
import { type ReactNode, useId } from 'react';

type CheckboxProps = {
  checked: boolean | 'indeterminate';
  onChange: (checked: boolean) => void;
  label: ReactNode;
  note?: ReactNode;
  disabled?: boolean;
};

export const Checkbox = ({ checked, onChange, label, note, disabled }: CheckboxProps) => {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <Base.Root
        id={id}
        checked={checked}
        disabled={disabled ?? false}
        onCheckedChange={(next) => onChange(next === true)}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface text-accent-ink disabled:opacity-50 data-[state=checked]:border-accent data-[state=indeterminate]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent"
      >
        <Base.Indicator>
          {checked === 'indeterminate' ? <Minus className="size-3" /> : <Check className="size-3" strokeWidth={3} />}
        </Base.Indicator>
      </Base.Root>
      <label htmlFor={id} className="min-w-0 text-sm">
        {label}
        {note && <span className="block text-muted text-xs">{note}</span>}
      </label>
    </div>
  );
};
