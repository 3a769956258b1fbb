'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Answered } from './asked';

/** Into which cache answers were taken: the router brings a page's first answers again when somebody comes back to it later. */
const taken = new WeakMap<readonly Answered[], QueryClient>();

/** Keeps answers that came with a page, once; what is known by then is newer. */
export const takeAnswers = (answers: readonly Answered[], queryClient: QueryClient): void => {
  if (taken.get(answers) === queryClient) return;
  taken.set(answers, queryClient);
  for (const { key, body, isPaged } of answers)
    if (queryClient.getQueryData(key) === undefined)
      // Dated by the clock of whoever draws: the server's may differ from this browser's.
      queryClient.setQueryData(key, isPaged ? { pages: [body], pageParams: [undefined] } : body);
};

/**
 * Puts answers that came with the page where the hooks below look for them, so that they are drawn at once, by the server too, and not
 * asked for again. What they say is checked by whoever would check a fetched answer.
 */
export const Given = ({ answers, children }: { answers: readonly Answered[]; children: ReactNode }) => {
  const queryClient = useQueryClient();
  useState(() => takeAnswers(answers, queryClient));
  return children;
};
