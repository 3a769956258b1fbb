'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Problem } from './problem';

type ListBodyProps = {
  query: Pick<UseQueryResult, 'data' | 'error' | 'isPending' | 'refetch'>;
  /** What is listed, for the sentence that says it can't be: "the wallets". */
  what: string;
  children: ReactNode;
};

/** A list that is loaded; before, rows to come, or why there are none. */
export const ListBody = ({ query, what, children }: ListBodyProps) =>
  query.error && !query.data ? (
    <Problem error={query.error} what={what} onRetry={() => void query.refetch()} />
  ) : query.isPending ? (
    <TableSkeleton />
  ) : (
    children
  );
