import { classNames } from './class-names';

export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={classNames('block animate-pulse rounded-sm bg-sunken', className)} />
);

const WIDTHS = ['w-40', 'w-52', 'w-36', 'w-44', 'w-48', 'w-32', 'w-56', 'w-40'] as const;

/** Rows of the height and rhythm of the table that is coming. */
export const TableSkeleton = ({ rows = 8 }: { rows?: number }) => (
  <div role="status" aria-label="Loading">
    <div className="h-8 border-b" />
    {Array.from({ length: rows }, (_, row) => (
      <div key={WIDTHS[row % WIDTHS.length] + String(row)} className="flex h-10 items-center gap-6 border-b px-3">
        <Skeleton className={classNames('h-3.5', WIDTHS[row % WIDTHS.length])} />
        <Skeleton className="h-3.5 w-20" />
        <Skeleton className="ml-auto h-3.5 w-24" />
      </div>
    ))}
  </div>
);

/** The shape of a few labelled values. */
export const FactsSkeleton = () => (
  <div className="space-y-3" role="status" aria-label="Loading">
    <Skeleton className="h-4 w-2/3" />
    <Skeleton className="h-4 w-1/2" />
    <Skeleton className="h-4 w-3/5" />
  </div>
);

/** The shape of a detail pane: title, sentence, then groups of labelled values. */
export const DetailSkeleton = () => (
  <div role="status" aria-label="Loading" className="space-y-6 p-6">
    <div className="space-y-2">
      <Skeleton className="h-4 w-24" />
      <Skeleton className="h-6 w-3/4" />
      <Skeleton className="h-4 w-1/2" />
    </div>
    {[0, 1].map((group) => (
      <div key={group} className="space-y-3 rounded-lg border p-4">
        {[0, 1, 2, 3].map((line) => (
          <div key={line} className="flex gap-6">
            <Skeleton className="h-4 w-28" />
            <Skeleton className="h-4 w-48" />
          </div>
        ))}
      </div>
    ))}
  </div>
);
