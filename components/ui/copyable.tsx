'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { classNames } from './class-names';
import { Tooltip } from './tooltip';

/** First six and last six characters, with the prefix of an id or address kept whole. */
export const shorten = (value: string): string => {
  const prefix = /^(?:0x|[a-z]{2,4}-)/.exec(value)?.[0] ?? '';
  const rest = value.slice(prefix.length);
  return rest.length <= 14 ? value : `${prefix}${rest.slice(0, 6)}…${rest.slice(-6)}`;
};

export const CopyButton = ({ value, label }: { value: string; label: string }) => {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1200);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : `Copy ${label}`}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        navigator.clipboard.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-ink"
    >
      {copied ? <Check aria-hidden className="size-3 text-good" /> : <Copy aria-hidden className="size-3" />}
    </button>
  );
};

type CopyableProps = {
  value: string;
  /** What it is, for the copy button: "address", "id". */
  label: string;
  full?: boolean;
  className?: string;
};

/** An id, address or hash: shortened, whole on hover, copyable. */
export const Copyable = ({ value, label, full, className }: CopyableProps) => (
  <span className={classNames('inline-flex min-w-0 max-w-full items-center gap-1', className)}>
    <Tooltip content={<span className="break-all font-mono">{value}</span>}>
      <span className={classNames('tabular font-mono text-xs', full ? 'break-all' : 'truncate')}>
        {full ? value : shorten(value)}
      </span>
    </Tooltip>
    <CopyButton value={value} label={label} />
  </span>
);
