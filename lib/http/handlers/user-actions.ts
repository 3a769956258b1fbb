import type { ChallengeRow } from '@/lib/authentication/ports';
import { hashBody, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { isSameCredentialId } from '@/lib/authentication/verify-assertion';
import { proofOf } from '@/lib/authorization/role-rules';
import { bytesToHex, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import { permissionRefusal } from '@/lib/ledger/live';
import type { CredentialRecord } from '@/lib/ledger/records';
import { isWaiting, recoveryWait } from '@/lib/ledger/recovery-wait';
import { find } from '@/lib/ledger/state';
import { resolveOperation } from '@/lib/ledger/user-action';
import { acceptAnswer, assertionOf, type ChallengeAnswer } from '../answers-to-challenges';
import { withoutQuotes } from '../body';
import {
  CHALLENGE_LIFE_MS,
  challengeInvalid,
  issueChallenge,
  signingChallengeView,
  signingCredentials,
} from '../challenges';
import { type Answer, type Caller, callerOf, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import { attempted, attemptId } from '../lockout';
import type { Services } from '../services';
import { userActionHash } from '../user-action';

type UserActionBody = {
  readonly userActionPayload: string;
  readonly userActionHttpMethod: string;
  readonly userActionHttpPath: string;
};

/** How long a signed user action waits for its request. */
const USER_ACTION_LIFE_MS = 120_000;

/** States what is about to be done and asks for a signature over it: the challenge is derived, never random (design §4.1). */
const createChallenge: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { userActionPayload, userActionHttpMethod: method, userActionHttpPath: path } = request.body as UserActionBody;
  const credentials = meetingRules(usableCredentials(caller, services.now()), { method, path }, caller);
  const body = withoutQuotes(utf8ToBytes(userActionPayload));
  const identity = { userId: caller.user.id, ...(caller.token ? { tokenId: caller.token.id } : {}) };
  const statement: Statement = {
    v: 1,
    orgId: caller.org.id,
    genesis: caller.org.genesisHash,
    ...identity,
    method,
    path,
    bodyHash: hashBody(body),
    serverNonce: toBase64Url(services.random(32)),
    expiresAt: services.now() + CHALLENGE_LIFE_MS.userAction,
    context: await services.ledger.context({
      orgId: caller.org.id,
      ...identity,
      method,
      path: path.split('?')[0] ?? path,
      body,
    }),
  };
  const row = await issueChallenge(
    {
      purpose: 'userAction',
      orgId: caller.org.id,
      userId: caller.user.id,
      jti: caller.jti,
      challenge: statementChallenge(statement),
      statement,
      allowCredentials: credentials.map((item) => item.id),
    },
    services,
  );
  return { body: { ...signingChallengeView(row, credentials, services.settings), statement } };
};

/** A token signs with its own credential only; a person with those that somebody who counts has introduced. */
const usableCredentials = ({ state, user, token }: Caller, now: number): readonly CredentialRecord[] => {
  if (token) {
    const credential = find(state, 'credential', token.credentialId);
    return credential?.isActive ? [credential] : [];
  }
  const own = signingCredentials(state, user.id);
  const introduced = own.filter((item) => item.introduced);
  if (own.length > 0 && introduced.length === 0) {
    orRefuse(
      refused(
        403,
        'enrolment.not_vouched',
        'not vouched for yet: somebody who may assign permissions has to confirm your key first',
      ),
    );
  }
  const usable = introduced.filter((item) => !isWaiting(state, item, now));
  const [waiting] = introduced;
  if (usable.length === 0 && waiting?.usableFrom !== undefined) orRefuse(recoveryWait(waiting.usableFrom));
  return usable;
};

/** Those with which the roles that allow the request count; who holds none of them is told before a prompt that comes to nothing. */
const meetingRules = (
  credentials: readonly CredentialRecord[],
  { method, path }: { readonly method: string; readonly path: string },
  { state, user, token }: Caller,
): readonly CredentialRecord[] => {
  const resolved = resolveOperation(method, path);
  const anyOf = resolved.ok ? resolved.value.operation.permission : undefined;
  const identity = token ? { user, token } : { user };
  // Somebody without the permission learns that from the request itself.
  if (!anyOf || permissionRefusal(state, identity, anyOf, 'any')) return credentials;
  const judged = credentials.map((credential) => {
    // A passkey that never told whether it may be backed up tells when it signs.
    const { isBackupEligible = false } = credential;
    return {
      credential,
      refusal: permissionRefusal(state, identity, anyOf, proofOf({ ...credential, isBackupEligible })),
    };
  });
  const fit = judged.filter((item) => item.refusal === null).map((item) => item.credential);
  const [first] = judged;
  if (fit.length === 0 && first?.refusal) refuse(first.refusal);
  return fit;
};

/** Takes the signature and hands out the token that the request itself must carry, once. */
const createSignature: Handler = async (request, services) => {
  const caller = callerOf(request);
  const answer = request.body as ChallengeAnswer;
  const row = await services.identity.findChallenge(answer.challengeIdentifier, 'userAction', new Date(services.now()));
  if (!row?.statement || row.orgId !== caller.org.id || row.userId !== caller.user.id || row.jti !== caller.jti)
    return orRefuse(challengeInvalid());
  const attempt = { kind: 'userAction', orgId: row.orgId, who: caller.user.id, address: request.address } as const;
  return attempted(attemptId(attempt), services, () => acceptSignature(row, answer, caller, services));
};

const acceptSignature = async (
  row: ChallengeRow,
  answer: ChallengeAnswer,
  caller: Caller,
  services: Services,
): Promise<Answer> => {
  const { statement } = row;
  if (!statement) return orRefuse(challengeInvalid());
  const assertion = assertionOf(answer);
  const credential = row.allowCredentials
    .map((id) => find(caller.state, 'credential', id))
    .find((item) => item?.isActive && isSameCredentialId(assertion.kind, assertion.credId, item.credId));
  if (!credential)
    return orRefuse(
      refused(401, 'authentication.bad_assertion', 'Not Authorized.', {
        reason: 'The credential may not answer this challenge.',
      }),
    );
  orRefuse(await acceptAnswer({ row, assertion, credential, org: caller.org }, services));
  const userAction = bytesToHex(services.random(32));
  await services.identity.createUserAction({
    tokenHash: userActionHash(userAction),
    orgId: row.orgId,
    userId: caller.user.id,
    jti: caller.jti,
    statement,
    assertion: { ...assertion, credId: credential.credId },
    expiresAt: new Date(Math.min(services.now() + USER_ACTION_LIFE_MS, statement.expiresAt)),
  });
  return { body: { userAction } };
};

export const USER_ACTION_HANDLERS: Handlers = {
  'auth.createUserActionChallenge': createChallenge,
  'auth.createUserActionSignature': createSignature,
};
