import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutDecimal,
  fiatOf,
  formatUnits,
  isWrittenAlike,
  plainOf,
  plainUnits,
  readDecimal,
  readUnits,
  showDecimal,
  showMoney,
  writeDecimal,
} from './decimal';

const LOCALES = ['en', 'de', 'fr', 'de-CH', 'hi', 'ar', 'ar-EG', 'es', 'pl', 'pt-PT', 'en-IN', 'fa'];
const read = (text: string, locale: string) => {
  const reading = readDecimal(text, locale);
  return reading.kind === 'number' ? reading.plain : reading.kind;
};

const amount = fc.record({ base: fc.bigInt({ min: 0n, max: 10n ** 40n }), decimals: fc.integer({ min: 0, max: 24 }) });
const ofLocale = (each: (locale: string, base: string, decimals: number) => void) =>
  fc.assert(
    fc.property(fc.constantFrom(...LOCALES), amount, (locale, { base, decimals }) =>
      each(locale, base.toString(), decimals),
    ),
    { numRuns: 400 },
  );

test('an amount that a field shows is read as the same amount in every locale', () => {
  ofLocale((locale, base, decimals) => {
    expect(readUnits(writeDecimal(plainUnits(base, decimals), locale), decimals, locale)).toEqual({ base });
  });
});

test('an amount that a screen shows is read as the same amount, or refused where two readers would read two', () => {
  ofLocale((locale, base, decimals) => {
    const shown = formatUnits(base, decimals, locale);
    const reading = readUnits(shown, decimals, locale);
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(shown)) expect(reading.why).toContain('to some');
    else expect(reading).toEqual({ base });
  });
});

test('no text is read as different numbers in two locales', () => {
  const typed = fc.array(fc.constantFrom(...'0123456789.,'), { minLength: 1, maxLength: 9 }).map((all) => all.join(''));
  fc.assert(
    fc.property(typed, fc.constantFrom(...LOCALES), fc.constantFrom(...LOCALES), (text, one, other) => {
      const [a, b] = [read(text, one), read(text, other)];
      if (a !== 'refused' && b !== 'refused') expect(a).toBe(b);
    }),
    { numRuns: 2000 },
  );
});

test('the decimal mark is the one of the locale', () => {
  expect([read('1,5', 'de'), read('0,5', 'fr'), read('1.5', 'en'), read('1.5', 'de-CH')]).toEqual([
    '1.5',
    '0.5',
    '1.5',
    '1.5',
  ]);
  expect([read('1,5', 'en'), read('0,5', 'en'), read('1.5', 'de'), read('1.5', 'fr')]).toEqual(
    Array(4).fill('refused'),
  );
});

test('a lone mark before three digits is refused in every locale, with both things to write', () => {
  for (const locale of LOCALES)
    for (const text of ['10.000', '1,500', '1.234']) expect(read(text, locale)).toBe('refused');
  expect(readDecimal('10.000', 'de')).toMatchObject({ why: expect.stringContaining('10000 to some and 10 to others') });
  expect(readDecimal('1,234', 'en')).toMatchObject({
    why: expect.stringContaining('1234 to some and 1.2340 to others'),
  });
});

test('what no reader takes for thousands is a fraction', () => {
  expect([read('0.125', 'en'), read('1234.500', 'en'), read('.5', 'en'), read('0,125', 'de')]).toEqual([
    '0.125',
    '1234.5',
    '0.5',
    '0.125',
  ]);
});

test('groups count as the locale writes them, and mixed ones not at all', () => {
  expect([
    read('12,000.50', 'en'),
    read('12.000,50', 'de'),
    read("12'000.50", 'de-CH'),
    read('12 000,50', 'fr'),
  ]).toEqual(Array(4).fill('12000.5'));
  expect([read('1,234,567', 'en'), read('12,34,567.5', 'hi'), read('1 234 567', 'en')]).toEqual([
    '1234567',
    '1234567.5',
    '1234567',
  ]);
  for (const text of ['12.000,50', '1,2,3', '1,23.4', '12,000 000', '1..5', '1.5.5', "1'000,000.5", '1,,000'])
    expect(read(text, 'en')).toBe('refused');
});

test('digits and marks of other scripts are read', () => {
  expect([read('١٢٬٣٤٥٫٥', 'ar-EG'), read('१२', 'hi'), read('۱۲٫۵', 'fa')]).toEqual(['12345.5', '12', '12.5']);
});

test('letters, signs and exponents are no number', () => {
  for (const text of ['1e3', '-1', '0x10', 'ten', '.', ',', '1$']) expect(read(text, 'en')).toBe('refused');
  expect(read('  ', 'en')).toBe('empty');
});

test('money is cut to cents and never rounded up', () => {
  expect(showMoney('9999.999', 'en')).toBe('9,999.99');
  expect(showMoney('0.005', 'en')).toBe('0.00');
  expect(showMoney('12', 'de')).toBe('12,00');
  expect(fiatOf('1999999', 6, '2999.999', 'en')).toBe('5,999.99');
  expect(fiatOf('1', 0, 'x')).toBeNull();
  expect(cutDecimal('0.123456789', 6)).toBe('0.123456');
});

test('every digit of an amount is shown, in the marks of the locale', () => {
  const base = '123456789012345678901234567';
  expect(formatUnits(base, 18, 'en')).toBe('123,456,789.012345678901234567');
  expect(formatUnits(base, 18, 'de')).toBe('123.456.789,012345678901234567');
  expect(formatUnits(base, 18, 'hi')).toBe('12,34,56,789.012345678901234567');
  expect(formatUnits('5', 6, 'en')).toBe('0.000005');
  expect(showDecimal(plainOf(1e-7), 'en')).toBe('0.0000001');
  expect(plainOf(1e21)).toBe('1000000000000000000000');
});

test('an amount finer than its unit is refused', () => {
  expect(readUnits('0.123', 2, 'en').why).toBe('Type an amount with at most 2 decimals.');
  expect(readUnits('', 2, 'en')).toEqual({ base: null, why: undefined });
});

test('a server draws amounts for those alone who would read them as they are meant', () => {
  expect(['en', 'en-GB', 'ja', 'zh-CN'].filter((locale) => !isWrittenAlike(locale))).toEqual([]);
  expect(['de', 'fr', 'en-IN', 'de-CH', 'pl', 'pt-BR'].filter(isWrittenAlike)).toEqual([]);
});
