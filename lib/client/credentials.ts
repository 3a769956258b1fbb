'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post, read } from './call';
import { QUERY } from './keys';
import { createPasskey } from './passkey';
import { useSession } from './session';
import type { Credential, CredentialInit, Page } from './shapes';
import { performSigned } from './sign-user-action';
import { useSigned } from './use-signed';

export const useCredentials = () =>
  useQuery({
    queryKey: QUERY.credentials,
    queryFn: ({ signal }) => read<Page<Credential>>('auth.listCredentials', { signal }),
  });

/** What was signed with a deactivated credential and waits is dropped with it. */
export const useDeactivateCredential = () =>
  useSigned<{ readonly message: string }>('auth.deactivateCredential', [
    QUERY.credentials,
    QUERY.people,
    QUERY.approvals,
  ]);
export const useActivateCredential = () =>
  useSigned<{ readonly message: string }>('auth.activateCredential', [
    QUERY.credentials,
    QUERY.people,
    QUERY.approvals,
  ]);

/** Makes a further passkey and lets an existing one sign for it: two prompts, first the new passkey, then the known one. */
export const useAddPasskey = () => {
  const session = useSession();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, onStep }: { name: string; onStep?: (step: 'create' | 'sign') => void }) => {
      if (!session.data) throw new Error('Nobody is signed in.');
      onStep?.('create');
      const challenge = await post<CredentialInit>('auth.createCredentialChallenge', { kind: 'Fido2' });
      const { credential } = await createPasskey(challenge);
      onStep?.('sign');
      return performSigned<Credential>({
        operation: 'auth.createCredential',
        signer: { orgId: session.data.orgId, userId: session.data.userId },
        body: { ...credential, credentialName: name, challengeIdentifier: challenge.challengeIdentifier },
        context: { publicKey: credential.credentialInfo.attestationData },
      });
    },
    onSuccess: () =>
      Promise.all([QUERY.credentials, QUERY.people].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
};
