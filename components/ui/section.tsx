import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** A titled group. */
export const Section = ({
  title,
  aside,
  children,
  className,
  flush,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) => (
  <section className={classNames('rounded-lg border bg-surface', className)}>
    <header className="flex min-h-10 items-center gap-3 border-b px-4">
      <h2 className="flex-1 font-semibold text-sm">{title}</h2>
      {aside}
    </header>
    <div className={flush ? '' : 'p-4'}>{children}</div>
  </section>
);
