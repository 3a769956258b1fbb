import { QueryClient } from '@tanstack/react-query';
import { ClientError } from './client-error';

/** The page's cache. Answers stay shown while newer ones are fetched, so lists keep their scroll and focus. */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // Without a connection a request fails and is told; one that is put off would leave a skeleton for as long as that lasts.
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        // A refusal is an answer; only a connection that broke is tried again.
        retry: (failures, error) => !(error instanceof ClientError && error.status > 0) && failures < 2,
      },
      // A mutation moves money or authority: it is never repeated by itself.
      // Nor is it kept until there is a connection again: who asked for it may have left the screen by then.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
