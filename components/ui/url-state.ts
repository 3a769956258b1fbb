'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** One member of the query of the URL: state that a link carries. An empty value takes it out. */
export const useUrlState = (name: string, fallback = ''): readonly [string, (value: string) => void] => {
  const value = useSearchParams().get(name) ?? fallback;
  const setValue = useCallback(
    (next: string) => {
      const params = new URLSearchParams(window.location.search);
      if (next === '' || next === fallback) params.delete(name);
      else params.set(name, next);
      const query = params.toString();
      window.history.replaceState(null, '', window.location.pathname + (query ? `?${query}` : ''));
    },
    [name, fallback],
  );
  return [value, setValue];
};

/** Whether what the address names is open, as `?new=1` a form. Opening and closing it leaves filter, order and view in the address. */
export const useUrlFlag = (name: string): readonly [boolean, (isOn: boolean) => void] => {
  const [value, setValue] = useUrlState(name);
  return [value !== '', useCallback((isOn: boolean) => setValue(isOn ? '1' : ''), [setValue])];
};
