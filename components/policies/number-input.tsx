'use client';

import { type ComponentProps, useState } from 'react';
import { plainOf, writeDecimal } from '@/components/ui/decimal';
import { Input } from '@/components/ui/input';
import { numberTyped } from './number-typed';

type NumberInputProps = Omit<ComponentProps<typeof Input>, 'value' | 'onChange'> & {
  value: number | null | undefined;
  onChange: (value: number) => void;
  /** What is counted, said beside what was understood. */
  unit?: string;
};

/** A number that keeps what was typed while it can’t be read, and says how it was understood; NaN, which no policy takes, is no number. */
export const NumberInput = ({ value, onChange, onBlur, unit, ...rest }: NumberInputProps) => {
  const [text, setText] = useState<string | null>(null);
  const isNumber = value !== null && value !== undefined && !Number.isNaN(value);
  const shown = isNumber ? writeDecimal(plainOf(value)) : '';
  const typed = text === null ? null : numberTyped(text, unit);
  return (
    <>
      <Input
        inputMode="decimal"
        className="tabular"
        // Another value than the one typed was put here from elsewhere.
        value={text !== null && Object.is(typed?.value, value ?? Number.NaN) ? text : shown}
        onBlur={(event) => {
          if (isNumber) setText(null);
          onBlur?.(event);
        }}
        onChange={(event) => {
          setText(event.target.value);
          onChange(numberTyped(event.target.value, unit).value);
        }}
        {...rest}
      />
      {typed?.note && (
        <p aria-live="polite" className={`tabular text-xs ${Number.isNaN(typed.value) ? 'text-bad' : 'text-muted'}`}>
          {typed.note}
        </p>
      )}
    </>
  );
};
