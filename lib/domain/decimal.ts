import { trimEndOf } from './trim-end';

/** An exact non-negative decimal number: `digits / 10^scale`. Money is never a float. */
export type Decimal = { readonly digits: bigint; readonly scale: number };

const SHAPE = /^(\d{1,100})(?:\.(\d{1,100}))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * Reads a decimal string or a JSON number (by its shortest decimal form, so 0.1 is exactly one tenth).
 * @returns null for anything else: negative, not finite, hexadecimal, or out of reach.
 */
export const parseDecimal = (value: unknown): Decimal | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const match = SHAPE.exec(String(value));
  if (!match) return null;
  const fraction = match[2] ?? '';
  const scale = fraction.length - Number(match[3] ?? '0');
  const digits = BigInt(`${match[1]}${fraction}`);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
};

const POWERS = Array.from({ length: 400 }, (_, exponent) => 10n ** BigInt(exponent));
const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const left = a.digits * power(b.scale);
  const right = b.digits * power(a.scale);
  return left < right ? -1 : left > right ? 1 : 0;
};

export const ZERO: Decimal = { digits: 0n, scale: 0 };

const aligned = (a: Decimal, b: Decimal): readonly [bigint, bigint, number] => {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * power(scale - a.scale), b.digits * power(scale - b.scale), scale];
};

/** Without trailing zeros behind the point: equal numbers are then equal values. */
const shortest = ({ digits, scale }: Decimal): Decimal => {
  let [rest, places] = [digits, scale];
  for (; places > 0 && rest % 10n === 0n; places -= 1) rest /= 10n;
  return { digits: rest, scale: places };
};

export const addDecimals = (a: Decimal, b: Decimal): Decimal => {
  const [left, right, scale] = aligned(a, b);
  return shortest({ digits: left + right, scale });
};

/** @throws {RangeError} when `b` is greater: there are no negative ones. */
export const subtractDecimals = (a: Decimal, b: Decimal): Decimal => {
  const [left, right, scale] = aligned(a, b);
  if (left < right) throw new RangeError('A decimal can not become negative.');
  return shortest({ digits: left - right, scale });
};

export const multiplyDecimals = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  scale: a.scale + b.scale,
});

/** Plain notation without trailing zeros: `3000`, `0.5`. */
export const formatDecimal = ({ digits, scale }: Decimal): string => {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = trimEndOf(text.slice(text.length - scale), '0');
  return fraction === '' ? whole : `${whole}.${fraction}`;
};
