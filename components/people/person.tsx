'use client';

import { Bot } from 'lucide-react';
import { shorten } from '@/components/ui/copyable';
import { Exact } from '@/components/ui/exact';
import { useNames } from './use-names';

/** A person or service account by name; the id by hover, focus or click. */
export const Person = ({ userId }: { userId: string }) => {
  const names = useNames();
  const known = names.get(userId);
  return (
    <Exact
      content={<span className="font-mono">{userId}</span>}
      className="inline-flex min-w-0 max-w-full items-center gap-1 align-bottom"
    >
      {known?.isServiceAccount && <Bot aria-label="service account" className="size-3.5 shrink-0 text-faint" />}
      <span className="truncate">{known?.label ?? <span className="font-mono text-xs">{shorten(userId)}</span>}</span>
      {known?.isMe && <span className="shrink-0 text-faint">(you)</span>}
    </Exact>
  );
};
