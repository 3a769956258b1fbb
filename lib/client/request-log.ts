'use client';

import type { LoggedRequest } from './shapes';
import { usePages } from './use-pages';

/** What tokens called lately, newest first. */
export const useRequestLog = (filter: { readonly failed: boolean }) =>
  usePages<LoggedRequest>({
    key: ['request-log'],
    operation: 'x.listRequestLog',
    query: { limit: 100, ...(filter.failed && { failed: 'true' }) },
  });
