import { expect, test } from 'vitest';
import { numberTyped } from './number-typed';

test('a limit is what the locale reads, said beside the field', () => {
  expect(numberTyped('10.000,50', 'USD', 'de')).toEqual({ value: 10_000.5, note: '= 10.000,5 USD' });
  expect(numberTyped('9000', 'USD', 'en')).toEqual({ value: 9000, note: '= 9,000 USD' });
  expect(numberTyped('60', '', 'en')).toEqual({ value: 60, note: null });
});

test('a limit that two readers read differently is no number, and the field says why', () => {
  for (const locale of ['en', 'de'])
    expect(numberTyped('10.000', 'USD', locale)).toEqual({
      value: Number.NaN,
      note: '“10.000” is 10000 to some and 10 to others. Write one of these.',
    });
});

test('a number of more digits than a definition can hold is refused, not rounded', () => {
  expect(numberTyped('9007199254740993', '', 'en').note).toBe('This has more digits than can be kept.');
  expect(numberTyped('', '', 'en')).toEqual({ value: Number.NaN, note: null });
});
