import { RECOVERY_LIFE_MS, type RecoveryStatement, recoveryChallenge } from '@/lib/authentication/recovery';
import { toBase64Url } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import { isCredentialLive } from '@/lib/ledger/live';
import type { CredentialRecord } from '@/lib/ledger/records';
import { isWaiting } from '@/lib/ledger/recovery-wait';
import { all } from '@/lib/ledger/state';
import { challengeInvalid, issueChallenge, recoveryChallengeView } from '../challenges';
import { inBackground, requireCode, sendCode } from '../codes';
import { callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { attempted, attemptId } from '../lockout';
import { recoveredMail, recoveryMail } from '../mails';
import { attested, credentialEffects, firstOf, type NewCredentials } from '../new-credentials';
import type { Services } from '../services';
import { submit } from '../submit';

/** The answer is the same whether the person exists or not. */
const sendRecoveryCode: Handler = async (request, services) => {
  await sendCode(request.body as { orgId: string; username: string }, 'recovery', recoveryMail, services);
  return { body: { message: 'success' } };
};

type Account = { readonly orgId: string; readonly userId: string; readonly username: string };

/** Asks for new credentials and for the recovery key's signature over them. @param credId Of the recovery key. */
const beginRecovery = async (account: Account, credId: string, services: Services) => {
  const { orgId, userId, username } = account;
  const state = await services.loadGovernance(orgId);
  const org = all(state, 'org')[0];
  const isUsable = (item: CredentialRecord) =>
    item.kind === 'RecoveryKey' && isCredentialLive(state, item) && !isWaiting(state, item, services.now());
  const key = state.tables.credential.by('userId', userId).find((item) => item.credId === credId && isUsable(item));
  if (!org || !key) return orRefuse(refused(401, 'recovery.factor', 'Credential cannot be used as a recovery factor.'));
  const issuedAt = services.now();
  const expiresAt = issuedAt + RECOVERY_LIFE_MS;
  const statement: RecoveryStatement = {
    v: 1,
    orgId,
    genesis: org.genesisHash,
    userId,
    credentialId: key.id,
    serverNonce: toBase64Url(services.random(32)),
    expiresAt,
  };
  const challenge = recoveryChallenge(statement);
  const row = await issueChallenge(
    { purpose: 'recovery', orgId, userId, challenge, recovery: statement, allowCredentials: [key.id] },
    services,
  );
  const token = await services.tokens.mint(
    { kind: 'Recovery', orgId, userId, tokenId: row.id },
    { issuedAt, expiresAt },
  );
  return recoveryChallengeView({ userId, username, challenge, token, key, statement }, services.settings);
};

/** Whoever has the code reads the person's mail: only they are told whether the recovery key is one. */
const createRecoveryChallenge: Handler = async (request, services) => {
  const { orgId, username, verificationCode, credentialId } = request.body as {
    readonly [name in 'orgId' | 'username' | 'verificationCode' | 'credentialId']: string;
  };
  const person = await services.identity.findPersonByUsername(orgId, username);
  const attempt = attemptId({ kind: 'recovery', orgId, who: username, address: request.address });
  await attempted(attempt, services, () => requireCode(person, 'recovery', verificationCode, services));
  return { body: await beginRecovery({ orgId, username, userId: person?.userId ?? '' }, credentialId, services) };
};

const createDelegatedRecoveryChallenge: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { username, credentialId } = request.body as { readonly username: string; readonly credentialId: string };
  const person = await services.identity.findPersonByUsername(org.id, username);
  const { result } = await submit(request, services, { userId: person?.userId ?? '' });
  return { body: await beginRecovery({ orgId: org.id, username, userId: result.id }, credentialId, services) };
};

/**
 * Completes a recovery. The ledger spends the recovery key, so that of several attempts one counts; a signature that does not
 * hold spends nothing.
 */
const recover: Handler = async (request, services) => {
  const row = request.registration;
  const person = row?.userId ? await services.identity.findPerson(row.orgId, row.userId) : null;
  if (!row?.recovery || !person) return orRefuse(challengeInvalid());
  const { orgId } = row;
  const { newCredentials } = request.body as { readonly newCredentials: NewCredentials };
  const credentials = await attested(newCredentials, row.challenge, orgId, services);
  const effects = {
    userId: person.userId,
    recovery: { ...row.recovery },
    credentials: credentials.map(credentialEffects),
  };
  const attempt = { kind: 'recovery', orgId, who: person.username, address: request.address } as const;
  await attempted(attemptId(attempt), services, async () =>
    orRefuse(await services.ledger.append({ orgId, kind: 'recovery', body: request.bytes, effects })),
  );
  const now = new Date(services.now());
  await services.identity.revokeSessionsOf(orgId, person.userId, now);
  await services.identity.voidCodes(person.userId, now);
  await services.identity.consumeChallenge(row.id, now);
  inBackground(services, () => services.sendMail(recoveredMail(person.username)));
  return {
    body: {
      credential: await firstOf(credentials, services),
      user: { id: person.userId, username: person.username, orgId },
    },
  };
};

export const RECOVERY_HANDLERS: Handlers = {
  'auth.sendRecoveryCode': sendRecoveryCode,
  'auth.resendRecoveryCode': sendRecoveryCode,
  'auth.createRecoveryChallenge': createRecoveryChallenge,
  'auth.createDelegatedRecoveryChallenge': createDelegatedRecoveryChallenge,
  'auth.recover': recover,
};
