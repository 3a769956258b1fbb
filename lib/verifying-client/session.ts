import { getOperation } from '@/lib/contract/table';
import type { Caller } from '@/lib/verifying/check-call';
import { checkSignIn } from '@/lib/verifying/check-sign-in';
import { checkStatement } from '@/lib/verifying/check-statement';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { fillPath } from '@/lib/verifying/path';
import type { ReadDecision } from '@/lib/verifying/read-decision';
import type { Approval, UserActionChallenge } from '@/lib/verifying/shapes';
import { type Api, ApiError, sendTo } from './api';
import type { CredentialSigner, SigningChallenge } from './credential';
import { tokenOwner } from './token';

const post = <T>(api: Api, operationId: string, body: unknown): Promise<T> => {
  const { method, path } = getOperation(operationId);
  return sendTo(api, method, path, { body: JSON.stringify(body) }) as Promise<T>;
};

/** Signs in. @throws {StatementDiffersError} when the server asks for a signature over anything but a login. */
export const signIn = async (
  baseUrl: string,
  who: { readonly orgId: string; readonly username: string },
  signer: CredentialSigner,
): Promise<{ readonly api: Api; readonly userId: string }> => {
  const challenge = await post<SigningChallenge>({ baseUrl }, 'auth.createLoginChallenge', who);
  const differences = checkSignIn(challenge);
  if (differences.length > 0) throw new StatementDiffersError(differences);
  const firstFactor = await signer.sign(challenge);
  const { token } = await post<{ token: string }>({ baseUrl }, 'auth.login', {
    challengeIdentifier: challenge.challengeIdentifier,
    firstFactor,
  });
  const owner = tokenOwner(token);
  if (owner?.orgId !== who.orgId) throw new ApiError(0, 'The server’s token is for another organisation.');
  return { api: { baseUrl, token }, userId: owner.userId };
};

/**
 * Decides an approval: the statement must hold what was read here, digest and rendering included, before anything is signed.
 * SECURITY: nothing is read again between what was shown and what is signed.
 * @throws {StatementDiffersError} when the server asks for a signature over anything else.
 */
export const decide = async (input: {
  readonly api: Api;
  readonly caller: Caller;
  readonly decision: ReadDecision;
  readonly value: 'Approved' | 'Denied';
  readonly reason?: string;
  readonly signer: CredentialSigner;
}): Promise<Approval> => {
  const { api, caller, decision, value, reason, signer } = input;
  const { method, path: template } = getOperation('policies.createApprovalDecision');
  const path = fillPath(template, { approvalId: decision.approval.id });
  const body = JSON.stringify({ value, ...(reason && { reason }) });
  const challenge = await post<UserActionChallenge>(api, 'auth.createUserActionChallenge', {
    userActionPayload: body,
    userActionHttpMethod: method,
    userActionHttpPath: path,
    userActionServerKind: 'Api',
  });
  const { context, open } = decision;
  const differences = checkStatement(challenge.challenge, challenge.statement, {
    ...caller,
    method,
    path,
    body,
    context,
    open,
    now: Date.now(),
  });
  if (differences.length > 0) throw new StatementDiffersError(differences);
  const firstFactor = await signer.sign(challenge);
  const { userAction } = await post<{ userAction: string }>(api, 'auth.createUserActionSignature', {
    challengeIdentifier: challenge.challengeIdentifier,
    firstFactor,
  });
  return (await sendTo(api, method, path, { body, userAction })) as Approval;
};
