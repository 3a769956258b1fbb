'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Asked, keyOf } from './asked';
import { read } from './call';
import type { Page } from './shapes';

type PagesOptions = { readonly enabled?: boolean };

/** A list of the API, page after page by its keyset token, with everything a table needs. */
export const usePages = <T>(asked: Omit<Asked, 'isPaged'>, { enabled = true }: PagesOptions = {}) => {
  const { operation, params, query } = asked;
  const load = (pageToken: string | undefined, signal?: AbortSignal) =>
    read<Page<T>>(operation, {
      ...(params && { params }),
      query: { ...query, paginationToken: pageToken },
      ...(signal && { signal }),
    });
  const result = useInfiniteQuery({
    queryKey: keyOf({ ...asked, isPaged: true }),
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
    enabled,
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
