'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RECOVERY_LIFE_MS, recoveryChallenge, recoveryProof } from '@/lib/authentication/recovery';
import { expiryDifference } from '@/lib/verifying/check-expiry';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { post } from './call';
import { ClientError } from './client-error';
import { QUERY } from './keys';
import { createPasskey } from './passkey';
import { recoveryKeyOf } from './recovery-code';
import { useSession } from './session';
import type { Credential, CredentialChallenge, RecoveryChallenge, Registered } from './shapes';
import { performSigned } from './sign-user-action';

/** Registers the key of a recovery code; a passkey that counts signs for it. */
export const useAddRecoveryKey = () => {
  const session = useSession();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (secretSeed: Uint8Array) => {
      if (!session.data) throw new Error('Nobody is signed in.');
      const challenge = await post<CredentialChallenge>('auth.createCredentialChallenge', { kind: 'RecoveryKey' });
      const credential = recoveryKeyOf(secretSeed).attest(challenge.challenge);
      return performSigned<Credential>({
        operation: 'auth.createCredential',
        signer: { orgId: session.data.orgId, userId: session.data.userId },
        body: { ...credential, credentialName: 'Recovery code', challengeIdentifier: challenge.challengeIdentifier },
        context: { publicKey: credential.credentialInfo.attestationData },
      });
    },
    onSuccess: () =>
      Promise.all([QUERY.credentials, QUERY.people].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
};

export type Account = { readonly orgId: string; readonly username: string };

/** Mails a code to the person; the answer is the same when there is nobody of that name. @throws {ClientError} */
export const sendRecoveryMail = (account: Account): Promise<unknown> => post('auth.sendRecoveryCode', account);

/**
 * Replaces all credentials of an account by a new passkey.
 * @param secretSeed Of the recovery code.
 * @throws {ClientError} also when the server's challenge is not one for this recovery: nothing is signed then.
 * @throws {StatementDiffersError} when what would be signed recovers later than now.
 * @throws {PasskeyDismissedError}
 */
export const recoverWithCode = async (
  account: Account,
  verificationCode: string,
  secretSeed: Uint8Array,
  passkeyName: string,
): Promise<void> => {
  const key = recoveryKeyOf(secretSeed);
  const challenge = await post<RecoveryChallenge>('auth.createRecoveryChallenge', {
    ...account,
    verificationCode,
    credentialId: key.credId,
  });
  // SECURITY: the recovery key signs what answers this challenge, so it must be for this organisation and for nothing else.
  if (challenge.statement.orgId !== account.orgId || recoveryChallenge(challenge.statement) !== challenge.challenge)
    throw new ClientError(0, 'The server asked for a signature that recovers something else. Nothing was signed.');
  const expiry = expiryDifference(challenge.statement.expiresAt, Date.now(), RECOVERY_LIFE_MS);
  if (expiry) throw new StatementDiffersError([expiry]);
  const { credential } = await createPasskey(challenge);
  const newCredentials = { firstFactorCredential: { ...credential, credentialName: passkeyName } };
  await post<Registered>(
    'auth.recover',
    { recovery: key.assert(recoveryProof(newCredentials)), newCredentials },
    { temporaryToken: challenge.temporaryAuthenticationToken },
  );
};
