import { parseDecimal } from '@/lib/domain/decimal';

/** A server has no reader; what it writes is written again in the browser. */
const READER = typeof window === 'undefined' ? 'en' : undefined;

type Convention = { readonly decimal: string; readonly group: string; readonly whole: (digits: bigint) => string };
const conventions = new Map<string | undefined, Convention>();

const SPACES = /[\s\u00a0\u2009\u202f]/g;
const APOSTROPHES = /[’ʼ′＇]/g;

/** How a locale writes numbers. Digits are 0 to 9 everywhere, as in what is signed. */
const conventionOf = (locale: string | undefined): Convention => {
  const known = conventions.get(locale);
  if (known) return known;
  // Made once: one for every line of a long list takes longer than all the rest of it.
  const format = new Intl.NumberFormat(locale, { numberingSystem: 'latn', maximumFractionDigits: 1 });
  const parts = format.formatToParts(1234567.5);
  const mark = (type: 'decimal' | 'group', otherwise: string) =>
    parts.find((part) => part.type === type)?.value ?? otherwise;
  const made: Convention = {
    decimal: mark('decimal', '.'),
    group: mark('group', ' ').replace(SPACES, ' ').replace(APOSTROPHES, "'"),
    whole: (digits) => format.format(digits),
  };
  conventions.set(locale, made);
  return made;
};

const split = (plain: string): readonly [string, string] => {
  const [whole = '', fraction = ''] = plain.split('.');
  return [whole, fraction];
};

/**
 * A plain decimal (`1234.5`) as the reader’s locale writes it: every digit of it, never rounded.
 * @param locale The browser’s where none is named.
 */
export const showDecimal = (plain: string, locale: string | undefined = READER): string => {
  const [whole, fraction] = split(plain);
  const { decimal, whole: grouped } = conventionOf(locale);
  return fraction === '' ? grouped(BigInt(whole)) : `${grouped(BigInt(whole))}${decimal}${fraction}`;
};

/** One to three digits, one mark and three digits: a thousand to some readers, a fraction to others. */
const TWO_READINGS = /^([1-9]\d{0,2})[.,](\d{3})$/;

/** A plain decimal for a field in which it can be changed: not grouped, so that `readDecimal` reads it as the same number. */
export const writeDecimal = (plain: string, locale: string | undefined = READER): string => {
  const [whole, fraction] = split(plain);
  const { decimal } = conventionOf(locale);
  return fraction === '' ? whole : `${whole}${decimal}${fraction}${TWO_READINGS.test(plain) ? '0' : ''}`;
};

/** Whether a server writes numbers as the readers of a locale do. */
export const isWrittenAlike = (locale: string): boolean =>
  showDecimal('1234567.5', locale) === showDecimal('1234567.5', 'en');

/** At most so many places behind the mark: the rest is cut off, never rounded up. */
export const cutDecimal = (plain: string, places: number): string => {
  const [whole, fraction] = split(plain);
  const kept = fraction.slice(0, places);
  return kept === '' ? whole : `${whole}.${kept}`;
};

/** A value in a currency of cents: two places, cut. */
export const showMoney = (plain: string, locale: string | undefined = READER): string => {
  const [whole, fraction] = split(plain);
  return showDecimal(`${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`, locale);
};

/** A number from the contract as a plain decimal. */
export const plainOf = (value: number): string => {
  const read = parseDecimal(value);
  if (!read) return '0';
  const digits = read.digits.toString().padStart(read.scale + 1, '0');
  return read.scale === 0 ? digits : `${digits.slice(0, -read.scale)}.${digits.slice(-read.scale)}`;
};

/** What was understood of a text: a plain decimal, nothing yet, or why nothing was. */
export type Reading =
  | { readonly kind: 'number'; readonly plain: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly why: string };

const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];
const GROUPED = /^(?:[1-9]\d{0,2}(?:x\d{3})+|[1-9]\d?(?:x\d{2})*x\d{3})$/;

/** Digits of other scripts, spaces and apostrophes of every kind, each as one character. */
const normal = (text: string): string =>
  text
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/[٠-٩۰-۹०-९０-９]/g, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      return String(code - (ZEROS.find((zero) => code >= zero && code < zero + 10) ?? code));
    })
    .replace(SPACES, ' ')
    .replace(APOSTROPHES, "'")
    .trim();

const refused = (why: string): Reading => ({ kind: 'refused', why });

/**
 * Reads a number as the reader’s locale writes it. What another locale would read as another number is refused, with what to write
 * instead: money is not guessed.
 * @param locale The browser’s where none is named.
 */
export const readDecimal = (typed: string, locale: string | undefined = READER): Reading => {
  const text = normal(typed);
  if (text === '') return { kind: 'empty' };
  const { decimal, group } = conventionOf(locale);
  const example = writeDecimal('1234.5', locale);
  const twice = TWO_READINGS.exec(text);
  if (twice) {
    const [, whole = '', fraction = ''] = twice;
    const small = `${whole}.${fraction}`.replace(/\.?0+$/, '');
    return refused(
      `“${typed.trim()}” is ${whole}${fraction} to some and ${writeDecimal(small, locale)} to others. Write one of these.`,
    );
  }
  if (text.length > 100 || !/^[\d., '٫٬]*\d[\d., '٫٬]*$/.test(text))
    return refused(`Write a number, such as ${example}.`);
  const marks = [...new Set(text.replace(/\d/g, ''))];
  const isDecimal = (mark: string) => mark === decimal || mark === '٫';
  const last = /\D(?=\d*$)/.exec(text);
  const at = last && isDecimal(last[0]) && text.indexOf(last[0]) === last.index ? last.index : text.length;
  const whole = text.slice(0, at);
  const groups = marks.filter((mark) => whole.includes(mark));
  const [by = ''] = groups;
  const isGrouped =
    groups.length === 1 &&
    !isDecimal(by) &&
    [group, ' ', "'", '٬'].includes(by) &&
    GROUPED.test(whole.replaceAll(by, 'x'));
  if (groups.length > 0 && !isGrouped)
    return refused(`Your browser’s language writes “${decimal}” as the decimal mark. Write it like ${example}.`);
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0';
  const fraction = text.slice(at + 1).replace(/0+$/, '');
  return { kind: 'number', plain: fraction === '' ? digits : `${digits}.${fraction}` };
};

/** Base units as a plain decimal: exact, no trailing zeros. */
export const plainUnits = (base: string, decimals: number): string => {
  const digits = base.padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/^0+(?=\d)/, '') || '0';
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
};

/** Base units as the reader’s locale writes them: never rounded, no trailing zeros. */
export const formatUnits = (base: string, decimals: number, locale: string | undefined = READER): string =>
  showDecimal(plainUnits(base, decimals), locale);

/** An amount the reader typed, in base units; or why it is none. */
export type UnitsRead =
  | { readonly base: string; readonly why?: undefined }
  | { readonly base: null; readonly why: string | undefined };

/** Reads an amount in whole units. `why` is missing while nothing was typed. */
export const readUnits = (text: string, decimals: number, locale: string | undefined = READER): UnitsRead => {
  const reading = readDecimal(text, locale);
  if (reading.kind === 'empty') return { base: null, why: undefined };
  if (reading.kind === 'refused') return { base: null, why: reading.why };
  const [whole, fraction] = split(reading.plain);
  if (fraction.length > decimals) return { base: null, why: `Type an amount with at most ${decimals} decimals.` };
  return { base: `${whole}${fraction.padEnd(decimals, '0')}`.replace(/^0+(?=\d)/, '') };
};

/** Value in US dollars, cut to cents; null without a price. `usd` is the price per whole unit as a decimal string. */
export const fiatOf = (
  base: string,
  decimals: number,
  usd: string,
  locale: string | undefined = READER,
): string | null => {
  const price = parseDecimal(usd);
  if (!price) return null;
  return showMoney(plainUnits((BigInt(base) * price.digits).toString(), decimals + price.scale), locale);
};
