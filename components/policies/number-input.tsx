'use client';

import { type ComponentProps, useState } from 'react';
import { Input } from '@/components/ui/input';

type NumberInputProps = Omit<ComponentProps<typeof Input>, 'value' | 'onChange'> & {
  value: number | null | undefined;
  onChange: (value: number) => void;
};

/** A number that keeps what was typed while it is being typed; an empty field is NaN, which no policy takes. */
export const NumberInput = ({ value, onChange, onBlur, ...rest }: NumberInputProps) => {
  const [text, setText] = useState<string | null>(null);
  const shown = value === null || value === undefined || Number.isNaN(value) ? '' : String(value);
  return (
    <Input
      inputMode="numeric"
      className="tabular"
      value={text ?? shown}
      onBlur={(event) => {
        setText(null);
        onBlur?.(event);
      }}
      onChange={(event) => {
        const typed = event.target.value.replace(/[^\d.]/g, '');
        setText(typed);
        onChange(typed === '' ? Number.NaN : Number(typed));
      }}
      {...rest}
    />
  );
};
