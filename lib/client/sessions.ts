'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { Page, SignedInSession } from './shapes';
import { useSigned } from './use-signed';

/** Sign-ins that are open. @param userId Somebody else's; absent: one's own. */
export const useSessions = (userId?: string) =>
  useQuery({
    queryKey: [...QUERY.sessions, userId ?? 'own'],
    queryFn: ({ signal }) =>
      read<Page<SignedInSession>>('x.listSessions', { query: userId === undefined ? {} : { userId }, signal }),
  });

export const useRevokeSession = () => useSigned<SignedInSession>('x.revokeSession', [QUERY.sessions]);
