import { getOperation } from '@/lib/contract/table';
import type { Json } from '@/lib/domain/canonical-json';
import { checkStatement } from '@/lib/verifying/check-statement';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { fillPath, type Params, type Query, queryString } from '@/lib/verifying/path';
import { post } from './call';
import { checkedAnswer } from './check-answer';
import { ClientError } from './client-error';
import { pinnedGenesis } from './genesis-pin';
import { assertPasskey } from './passkey';
import { send } from './send';
import type { SigningChallenge, UserActionChallenge } from './shapes';

/** Who is signing, as this page knows it. */
export type Signer = { readonly orgId: string; readonly userId: string };

export type SignedCall = {
  readonly operation: string;
  readonly signer: Signer;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What the statement's context must hold, from what the screen shows. */
  readonly context?: Readonly<Record<string, Json>>;
};

/** The result, or the change request that waits for approval (contract §3.4). */
export type SignedAnswer<T, C> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'waits'; readonly changeRequest: C };

/**
 * Performs a call that a passkey signs for: asks for the challenge, recomputes it from the statement, compares the statement
 * with what the screen shows, and only then lets the passkey sign.
 * SECURITY: the body is serialised once; these exact bytes are hashed, signed and sent.
 * @throws {StatementDiffersError} before the prompt, when the server asks for a signature over anything else.
 * @throws {PasskeyDismissedError} when the person closes the prompt.
 * @throws {ClientError} when the API refuses.
 */
export const performSigned = async <T, C = never>({
  operation: id,
  signer,
  params,
  query,
  body,
  context,
}: SignedCall): Promise<SignedAnswer<T, C>> => {
  const operation = getOperation(id);
  const path = fillPath(operation.path, params);
  const payload = JSON.stringify(body ?? {});
  const genesis = pinnedGenesis(signer.orgId);
  if (!genesis)
    throw new ClientError(
      0,
      'This browser does not know your organisation’s genesis yet. Sign out and in again, and compare the fingerprint under Settings.',
    );

  const challenge = await post<UserActionChallenge>('auth.createUserActionChallenge', {
    userActionPayload: payload,
    userActionHttpMethod: operation.method,
    userActionHttpPath: path,
    userActionServerKind: 'Api',
  });
  const differences = checkStatement(challenge.challenge, challenge.statement, {
    ...signer,
    genesis,
    method: operation.method,
    path,
    body: payload,
    ...(context && { context }),
    now: Date.now(),
  });
  if (differences.length > 0) throw new StatementDiffersError(differences);

  const firstFactor = await assertPasskey(challenge);
  const { userAction } = await post<{ userAction: string }>('auth.createUserActionSignature', {
    challengeIdentifier: challenge.challengeIdentifier,
    firstFactor,
  });
  const answer = await send({ method: operation.method, url: path + queryString(query), body: payload, userAction });
  if (answer.status === 202) return { kind: 'waits', changeRequest: answer.body as C };
  return { kind: 'done', result: checkedAnswer<T>(operation, answer.body) };
};

export type { SigningChallenge };
