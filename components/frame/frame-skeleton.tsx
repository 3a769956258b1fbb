import { Skeleton, TableSkeleton } from '@/components/ui/skeleton';

/** The frame before it is known who is signed in. */
export const FrameSkeleton = () => (
  <div className="flex h-dvh" role="status" aria-label="Loading">
    <div className="hidden w-[220px] space-y-4 border-r p-4 xl:block">
      <Skeleton className="h-8 w-full" />
      {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
        <Skeleton key={row} className="h-4 w-28" />
      ))}
    </div>
    <div className="hidden w-14 border-r md:block xl:hidden" />
    <div className="min-w-0 flex-1">
      <div className="flex h-14 items-center border-b px-6">
        <Skeleton className="h-6 w-40" />
      </div>
      <TableSkeleton />
    </div>
  </div>
);
