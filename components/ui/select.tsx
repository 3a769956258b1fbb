'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Base } from 'radix-ui';
import type { Ref } from 'react';
import { classNames } from './class-names';

export type Option = {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
};

type SelectProps = {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
  /** Of the trigger. */
  ref?: Ref<HTMLButtonElement>;
  'aria-label'?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
};

export const Select = ({ value, onChange, options, placeholder, disabled, className, ...rest }: SelectProps) => (
  <Base.Root value={value} onValueChange={onChange} disabled={disabled}>
    <Base.Trigger
      {...rest}
      className={classNames(
        'inline-flex h-8 w-full items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-left text-sm transition-colors hover:border-faint aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-sunken data-[placeholder]:text-faint',
        className,
      )}
    >
      <span className="truncate">
        <Base.Value placeholder={placeholder ?? 'Choose'}>
          {/* Said here, or it would be known only when the browser has run. */}
          {options.find((option) => option.value === value)?.label}
        </Base.Value>
      </span>
      <Base.Icon>
        <ChevronDown aria-hidden className="size-4 text-faint" />
      </Base.Icon>
    </Base.Trigger>
    <Base.Portal>
      <Base.Content
        position="popper"
        sideOffset={4}
        className="z-50 max-h-[min(360px,var(--radix-select-content-available-height))] min-w-[var(--radix-select-trigger-width)] overflow-hidden rounded-lg border border-line-strong bg-surface shadow-lg"
      >
        <Base.Viewport className="p-1">
          {options.map((option) => (
            <Base.Item
              key={option.value}
              value={option.value}
              disabled={option.disabled ?? false}
              className="flex min-h-8 cursor-default select-none items-center gap-2 rounded-sm py-1 pr-2 pl-7 text-sm outline-none data-[disabled]:text-faint data-[highlighted]:bg-hover"
            >
              <Base.ItemIndicator className="-ml-5">
                <Check aria-hidden className="size-4" />
              </Base.ItemIndicator>
              <Base.ItemText>{option.label}</Base.ItemText>
              {option.note && <span className="ml-auto pl-3 text-faint text-xs">{option.note}</span>}
            </Base.Item>
          ))}
        </Base.Viewport>
      </Base.Content>
    </Base.Portal>
  </Base.Root>
);
