'use client';

import type { ComponentProps } from 'react';
import { Input, Textarea } from '@/components/ui/input';
import { useTypedText } from './use-typed-text';

/** The words of a text between spaces and commas, each once. */
const readTexts = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];
const readNumbers = (text: string): readonly number[] => [...new Set((text.match(/\d+/g) ?? []).map(Number))];

type Of<C, T> = Omit<C, 'value' | 'onChange'> & { value: readonly T[]; onChange: (value: T[]) => void };

/** Tags, one after the other. */
export const TagsInput = ({ value, onChange, ...rest }: Of<ComponentProps<typeof Input>, string>) => {
  const { text, type } = useTypedText(value, readTexts, (tags) => tags.join(' '));
  return <Input {...rest} value={text} onChange={(event) => onChange([...type(event.target.value)])} />;
};

/** Numbers of categories, between commas. */
export const CategoriesInput = ({ value, onChange, ...rest }: Of<ComponentProps<typeof Input>, number>) => {
  const { text, type } = useTypedText(value, readNumbers, (ids) => ids.join(', '));
  return <Input {...rest} value={text} onChange={(event) => onChange([...type(event.target.value)])} />;
};

/** Addresses, one a line. */
export const AddressesInput = ({ value, onChange, ...rest }: Of<ComponentProps<typeof Textarea>, string>) => {
  const { text, type } = useTypedText(value, readTexts, (addresses) => addresses.join('\n'));
  return <Textarea {...rest} value={text} onChange={(event) => onChange([...type(event.target.value)])} />;
};
