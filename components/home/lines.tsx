import Link from 'next/link';
import type { ReactNode } from 'react';
import { WithinLink } from '@/components/ui/exact';
import { Skeleton } from '@/components/ui/skeleton';

/** Two lines that are coming. */
export const Lines = () => (
  <div className="space-y-3 p-4" role="status" aria-label="Loading">
    <Skeleton className="h-4 w-3/4" />
    <Skeleton className="h-4 w-2/3" />
  </div>
);

/** A line of a list that leads somewhere. */
export const Row = ({ href, children, aside }: { href: string; children: ReactNode; aside: ReactNode }) => (
  <WithinLink>
    <li>
      <Link
        href={href}
        prefetch={false}
        className="flex min-h-12 items-center gap-3 px-4 py-2 hover:bg-hover max-sm:flex-col max-sm:items-stretch max-sm:gap-1"
      >
        <span className="min-w-0 flex-1 text-muted">{children}</span>
        <span className="flex shrink-0 flex-wrap items-center justify-end gap-x-3 gap-y-1 text-muted text-xs max-sm:justify-start">
          {aside}
        </span>
      </Link>
    </li>
  </WithinLink>
);
