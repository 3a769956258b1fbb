'use client';

import { useCallback } from 'react';
import { useNames } from '@/components/people/use-names';
import { shorten } from '@/components/ui/copyable';

const ID =
  /\b(?:us|wa|key|xfr|tx|sig|ap|cr|pm|as|plc|to)-[0-9a-z]{5}-[0-9a-z]{5}-[0-9a-z]{14,16}\b|\b0x[0-9a-fA-F]{40}\b/g;

/** The words of an entry with people by name and ids shortened; whoever needs an id whole finds it in the detail. */
export const useSummary = (): ((summary: string) => string) => {
  const names = useNames();
  return useCallback((summary) => summary.replace(ID, (id) => names.get(id)?.label ?? shorten(id)), [names]);
};
