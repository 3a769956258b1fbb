'use client';

import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Params, Query } from '@/lib/verifying/path';
import { read } from './call';
import type { RouteId } from './routes';
import type { Page } from './shapes';

type PagesInput = {
  readonly key: QueryKey;
  readonly operation: RouteId;
  readonly params?: Params;
  readonly query?: Query;
  readonly enabled?: boolean;
};

/** A list of the API, page after page by its keyset token, with everything a table needs. */
export const usePages = <T>({ key, operation, params, query, enabled }: PagesInput) => {
  const load = (pageToken: string | undefined, signal?: AbortSignal) =>
    read<Page<T>>(operation, {
      ...(params && { params }),
      query: { ...query, paginationToken: pageToken },
      ...(signal && { signal }),
    });
  const result = useInfiniteQuery({
    queryKey: [...key, query ?? {}],
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
    enabled: enabled ?? true,
  });
  const rows = useMemo(() => result.data?.pages.flatMap((page) => page.items) ?? [], [result.data]);
  const fetchAll = async (): Promise<readonly T[]> => {
    const all: T[] = [];
    for (let token: string | undefined, first = true; first || token; first = false) {
      const page: Page<T> = await load(token);
      all.push(...page.items);
      token = page.nextPageToken;
    }
    return all;
  };
  return {
    query: result,
    table: {
      rows,
      hasMore: result.hasNextPage,
      isFetchingMore: result.isFetchingNextPage,
      fetchMore: () => void result.fetchNextPage(),
      fetchAll,
    },
  };
};
