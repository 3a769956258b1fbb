'use client';

import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSession } from './session';
import type { SignedAnswer, SignedCall } from './sign-user-action';

type Asked = Omit<SignedCall, 'operation' | 'signer'>;
/** What checks and signs comes when it is needed: a page that only shows things does without. */
export const loadSigning = () => import('./sign-user-action');

type Then<Answer> = { readonly onSuccess?: (answer: Answer) => void; readonly onSettled?: () => void };

/**
 * A mutation that a passkey signs for.
 * @param stale Queries whose answers the mutation makes old; they are asked again, never guessed.
 */
export const useSigned = <T, C = never>(operation: string, stale: readonly QueryKey[]) => {
  const session = useSession();
  const queryClient = useQueryClient();
  const mutation = useMutation<SignedAnswer<T, C>, Error, Asked>({
    mutationFn: async (asked) => {
      if (!session.data) throw new Error('Nobody is signed in.');
      const { performSigned } = await loadSigning();
      return performSigned<T, C>({
        ...asked,
        operation,
        signer: { orgId: session.data.orgId, userId: session.data.userId },
      });
    },
    onSettled: () => Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
  /**
   * What follows the answer runs even when the asking component is gone by then: the live update that the action itself causes often
   * takes the form away before its own answer is here. The mutation's error stays in `error`.
   */
  const mutate = (asked: Asked, then: Then<SignedAnswer<T, C>> = {}): void => {
    void mutation
      .mutateAsync(asked)
      .then(then.onSuccess, () => undefined)
      .finally(then.onSettled);
  };
  return { ...mutation, mutate };
};
