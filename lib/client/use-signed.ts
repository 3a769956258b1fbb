'use client';

import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSession } from './session';
import { performSigned, type SignedAnswer, type SignedCall } from './sign-user-action';

type Asked = Omit<SignedCall, 'operation' | 'signer'>;

/**
 * A mutation that a passkey signs for.
 * @param stale Queries whose answers the mutation makes old; they are asked again, never guessed.
 */
export const useSigned = <T, C = never>(operation: string, stale: readonly QueryKey[]) => {
  const session = useSession();
  const queryClient = useQueryClient();
  return useMutation<SignedAnswer<T, C>, Error, Asked>({
    mutationFn: (asked) => {
      if (!session.data) throw new Error('Nobody is signed in.');
      return performSigned<T, C>({
        ...asked,
        operation,
        signer: { orgId: session.data.orgId, userId: session.data.userId },
      });
    },
    onSettled: () => Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
};
