import { QueryClient } from '@tanstack/react-query';
import { ClientError } from './client-error';

/** The page's cache. Answers stay shown while newer ones are fetched, so lists keep their scroll and focus. */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        // A refusal is an answer; only a connection that broke is tried again.
        retry: (failures, error) => !(error instanceof ClientError && error.status > 0) && failures < 2,
      },
      // A mutation moves money or authority: it is never repeated by itself.
      mutations: { retry: false },
    },
  });
