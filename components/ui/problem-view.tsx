'use client';

import { CircleAlert, Lock, SearchX, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { CopyButton } from './copyable';

type ProblemViewProps = {
  kind: 'error' | 'forbidden' | 'missing' | 'offline';
  title: string;
  children: ReactNode;
  /** To be quoted to an operator. */
  quote?: string | undefined;
  onRetry?: (() => void) | undefined;
};

const ICON = { error: CircleAlert, forbidden: Lock, missing: SearchX, offline: WifiOff } as const;

/** Why a view can't be shown: what happened, what it means, what to do, and the id to quote. */
export const ProblemView = ({ kind, title, children, quote, onRetry }: ProblemViewProps) => {
  const Icon = ICON[kind];
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-start gap-3 px-6 py-14">
      <Icon aria-hidden className={kind === 'error' ? 'size-5 text-bad' : 'size-5 text-faint'} strokeWidth={1.75} />
      <div className="space-y-1">
        <h2 className="font-semibold text-base">{title}</h2>
        <div className="space-y-1 text-muted">{children}</div>
      </div>
      {quote && (
        <p className="flex items-center gap-1 text-muted text-xs">
          Quote <span className="font-mono">{quote}</span>
          <CopyButton value={quote} label="request id" />
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
};
