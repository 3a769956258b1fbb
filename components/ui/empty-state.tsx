import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** An empty page teaches what would be here and offers the way to it. */
export const EmptyState = ({
  icon: Icon,
  title,
  children,
  actions,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) => (
  <div className="mx-auto flex max-w-md flex-col items-start gap-3 px-6 py-14">
    <Icon aria-hidden className="size-5 text-faint" strokeWidth={1.75} />
    <div className="space-y-1">
      <h2 className="font-semibold text-base">{title}</h2>
      <div className="text-muted">{children}</div>
    </div>
    {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
  </div>
);
