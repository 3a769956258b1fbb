'use client';

import { fiatOf, formatUnits } from './decimal';
import { Exact } from './exact';

type AmountProps = {
  base: string;
  decimals: number | null;
  symbol?: string | undefined;
  usd?: string | number | null | undefined;
  className?: string;
};

/** Amount with unit, fiat beside it, base units by hover, focus or click. */
export const Amount = ({ base, decimals, symbol, usd, className }: AmountProps) => {
  const fiat = usd === null || usd === undefined || decimals === null ? null : fiatOf(base, decimals, String(usd));
  return (
    <Exact
      className={`tabular break-words ${className ?? ''}`}
      content={
        <span className="font-mono">
          {base} base units{decimals === null ? ', decimals unknown' : ''}
        </span>
      }
    >
      <span className="font-medium">{decimals === null ? base : formatUnits(base, decimals)}</span>
      {symbol ? ` ${symbol}` : decimals === null ? ' base units' : ''}
      {fiat !== null && <span className="whitespace-nowrap font-normal text-muted"> {fiat} USD</span>}
    </Exact>
  );
};
