import { plainOf, readDecimal, showDecimal } from '@/components/ui/decimal';

/** What a field of numbers holds of a text: NaN for an empty one and for what can’t be read or held exactly, and what to say beside it. */
export const numberTyped = (
  text: string,
  unit = '',
  locale?: string,
): { readonly value: number; readonly note: string | null } => {
  const reading = readDecimal(text, locale);
  if (reading.kind === 'empty') return { value: Number.NaN, note: null };
  if (reading.kind === 'refused') return { value: Number.NaN, note: reading.why };
  const value = Number(reading.plain);
  if (plainOf(value) !== reading.plain) return { value: Number.NaN, note: 'This has more digits than can be kept.' };
  return {
    value,
    note: /^\d{1,3}$/.test(text) ? null : `= ${showDecimal(reading.plain, locale)}${unit && ` ${unit}`}`,
  };
};
