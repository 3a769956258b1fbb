'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';

export type Sort = { readonly id: string; readonly down: boolean };

const parseSort = (text: string | null): Sort | null =>
  text ? { id: text.replace(/^-/, ''), down: text.startsWith('-') } : null;

/** Filter and order of the list on this page, kept in the URL so that a link shows the same list. */
export const useListState = (defaultSort?: Sort) => {
  const params = useSearchParams();
  const [filter, setFilterText] = useState(params.get('q') ?? '');
  const sort = parseSort(params.get('sort')) ?? defaultSort ?? null;
  const write = (name: string, value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value) next.set(name, value);
    else next.delete(name);
    const query = next.toString();
    window.history.replaceState(null, '', window.location.pathname + (query ? `?${query}` : ''));
  };
  useEffect(() => setFilterText(params.get('q') ?? ''), [params]);
  const query = params.toString();
  return {
    filter,
    setFilter: (text: string) => {
      setFilterText(text);
      write('q', text);
    },
    sort,
    setSort: (id: string) => write('sort', sort?.id === id && !sort.down ? `-${id}` : id),
    /** To be added to links within the list. */
    suffix: query ? `?${query}` : '',
  };
};
