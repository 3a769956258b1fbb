'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';

export type Sort = { readonly id: string; readonly down: boolean };

/** The address follows what is typed once the typing pauses: each change of it makes the page think. */
const PAUSE_MS = 250;

const parseSort = (text: string | null): Sort | null =>
  text ? { id: text.replace(/^-/, ''), down: text.startsWith('-') } : null;

/** Filter and order of the list on this page, kept in the URL so that a link shows the same list. */
export const useListState = (defaultSort?: Sort) => {
  const params = useSearchParams();
  const [filter, setFilterText] = useState(params.get('q') ?? '');
  const written = useRef(filter);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sort = parseSort(params.get('sort')) ?? defaultSort ?? null;
  const write = (name: string, value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value) next.set(name, value);
    else next.delete(name);
    const query = next.toString();
    window.history.replaceState(null, '', window.location.pathname + (query ? `?${query}` : ''));
  };
  // Only what somebody else put there: an address of a moment ago must not take back what was typed since.
  useEffect(() => {
    const given = params.get('q') ?? '';
    if (given === written.current) return;
    written.current = given;
    setFilterText(given);
  }, [params]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const query = params.toString();
  return {
    filter,
    setFilter: (text: string) => {
      setFilterText(text);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        written.current = text;
        write('q', text);
      }, PAUSE_MS);
    },
    sort,
    setSort: (id: string) => write('sort', sort?.id === id && !sort.down ? `-${id}` : id),
    /** To be added to links within the list. */
    suffix: query ? `?${query}` : '',
  };
};
