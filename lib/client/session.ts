'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { ClientError } from './client-error';
import { QUERY } from './keys';
import { mayDo } from './may-do';
import type { User } from './shapes';
import { signedIn } from './signed-in';

/** Who is signed in, with what they may do. */
export type Session = { readonly orgId: string; readonly userId: string; readonly user: User };

/** @throws {ClientError} 401 when nobody is signed in. */
const readSession = async (signal: AbortSignal): Promise<Session> => {
  // The same answer that next-auth's own client reads; asking for it takes no library.
  const answer = await fetch('/api/auth/session', { signal }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new ClientError(0, 'The server can’t be reached. Check the connection and try again.');
  });
  const found = signedIn(await answer.json().catch(() => null));
  if (!found) throw new ClientError(401, 'You are not signed in.');
  const { orgId, userId } = found;
  return { orgId, userId, user: await read<User>('auth.getUser', { params: { userId }, signal }) };
};

export const useSession = () =>
  useQuery({ queryKey: QUERY.session, queryFn: ({ signal }) => readSession(signal), staleTime: 30_000 });

export const useMay = (...operations: readonly string[]): boolean => mayDo(useSession().data?.user, operations);
