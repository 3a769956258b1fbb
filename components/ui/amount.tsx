'use client';

import { Tooltip } from './tooltip';

/** Base units as an exact decimal: never rounded, no trailing zeros. */
export const formatUnits = (base: string, decimals: number): string => {
  const digits = base.padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals) || '0';
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction ? `${grouped}.${fraction}` : grouped;
};

/** A decimal the reader typed, in base units; null when it is no number or finer than the unit allows. */
export const parseUnits = (text: string, decimals: number): string | null => {
  const match = /^(\d{0,60})(?:\.(\d*))?$/.exec(text.trim().replaceAll(',', ''));
  if (!match || (!match[1] && !match[2])) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) return null;
  const base = `${match[1]}${fraction.padEnd(decimals, '0')}`.replace(/^0+(?=\d)/, '');
  return base === '' ? '0' : base;
};

/** Value in US dollars, cut (never rounded up) to cents. `usd` is the price per whole unit as a decimal string. */
export const fiatOf = (base: string, decimals: number, usd: string): string | null => {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(usd);
  if (!match) return null;
  const priceDecimals = match[2]?.length ?? 0;
  const cents =
    (BigInt(base) * BigInt(`${match[1]}${match[2] ?? ''}`) * 100n) / 10n ** BigInt(decimals + priceDecimals);
  return `${formatUnits((cents / 100n).toString(), 0)}.${(cents % 100n).toString().padStart(2, '0')}`;
};

type AmountProps = {
  base: string;
  decimals: number | null;
  symbol?: string | undefined;
  usd?: string | number | null | undefined;
  className?: string;
};

/** Amount with unit, fiat beside it, base units on hover. */
export const Amount = ({ base, decimals, symbol, usd, className }: AmountProps) => {
  const fiat = usd === null || usd === undefined || decimals === null ? null : fiatOf(base, decimals, String(usd));
  return (
    <Tooltip
      content={
        <span className="font-mono">
          {base} base units{decimals === null ? ', decimals unknown' : ''}
        </span>
      }
    >
      <span className={`tabular break-words ${className ?? ''}`}>
        <span className="font-medium">{decimals === null ? base : formatUnits(base, decimals)}</span>
        {symbol ? ` ${symbol}` : decimals === null ? ' base units' : ''}
        {fiat !== null && <span className="whitespace-nowrap font-normal text-muted"> {fiat} USD</span>}
      </span>
    </Tooltip>
  );
};
