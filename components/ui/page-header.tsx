import type { ReactNode } from 'react';

/** Title of a page or pane, with what can be done here. */
export const PageHeader = ({ title, meta, actions }: { title: ReactNode; meta?: ReactNode; actions?: ReactNode }) => (
  <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2.5 sm:px-6">
    <div className="min-w-0 flex-1">
      <h1 className="truncate font-semibold text-title tracking-tight">{title}</h1>
      {meta && <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">{meta}</div>}
    </div>
    {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
  </header>
);
