'use client';

import { ArrowLeft, Link2, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { useHotkeys } from '@/components/ui/hotkeys';
import { toast } from '@/components/ui/toast';
import { useLeave } from '@/components/ui/unsaved';

type PaneHeaderProps = { backHref: string; backLabel: string; title: ReactNode; meta?: ReactNode; actions?: ReactNode };

/** Head of a detail: title, what can be done, a link to copy, and the way back to the list. */
export const PaneHeader = ({ backHref, backLabel, title, meta, actions }: PaneHeaderProps) => {
  const router = useRouter();
  const query = useSearchParams().toString();
  const back = query ? `${backHref}?${query}` : backHref;
  const leave = useLeave();
  const close = () => leave(() => router.push(back, { scroll: false }));
  const copyLink = () =>
    navigator.clipboard.writeText(window.location.origin + window.location.pathname).then(
      () => toast.done('Link copied'),
      () => toast.failed('The browser did not allow copying'),
    );
  useHotkeys([{ keys: 'Escape', label: 'Close the detail', group: 'Lists', run: close }]);
  return (
    <header className="border-b px-4 py-3 sm:px-6">
      <div className="flex items-center gap-1">
        <Link
          href={back}
          scroll={false}
          className="-ml-1 inline-flex items-center gap-1 rounded-sm px-1 text-muted hover:text-ink lg:hidden"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {backLabel}
        </Link>
        <div className="hidden min-w-0 flex-1 lg:block">{meta}</div>
        <div className="ml-auto flex shrink-0 items-center gap-1">
          <Button look="quiet" size="icon" aria-label="Copy link" onClick={copyLink}>
            <Link2 aria-hidden />
          </Button>
          <Button look="quiet" size="icon" aria-label="Close" className="max-lg:hidden" onClick={close}>
            <X aria-hidden />
          </Button>
        </div>
      </div>
      <div className="mt-1 flex flex-wrap items-start gap-x-4 gap-y-2">
        <h1 className="min-w-0 flex-1 basis-64 break-words font-semibold text-title tracking-tight">{title}</h1>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {meta && <div className="mt-1 lg:hidden">{meta}</div>}
    </header>
  );
};
