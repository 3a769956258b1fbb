'use client';

import { type ComponentProps, useState } from 'react';
import { Input } from '@/components/ui/input';

type NumberInputProps = Omit<ComponentProps<typeof Input>, 'value' | 'onChange'> & {
  value: number;
  onChange: (value: number) => void;
};

/** A number that keeps what was typed while it is being typed. */
export const NumberInput = ({ value, onChange, ...rest }: NumberInputProps) => {
  const [text, setText] = useState<string | null>(null);
  return (
    <Input
      inputMode="numeric"
      className="tabular"
      value={text ?? String(value)}
      onBlur={() => setText(null)}
      onChange={(event) => {
        const typed = event.target.value.replace(/[^\d.]/g, '');
        setText(typed);
        const number = Number(typed);
        if (typed !== '' && Number.isFinite(number)) onChange(number);
      }}
      {...rest}
    />
  );
};
