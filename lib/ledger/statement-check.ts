import { STATEMENT_LIFE_MS, type Statement, statementChallengeBytes } from '@/lib/authentication/statement';
import { verifyAssertion } from '@/lib/authentication/verify-assertion';
import { bytesToHex, toBase64Url } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Actor } from './decision';
import type { Leaf } from './entry';
import { isCredentialLive } from './live';
import { originsOf } from './org-settings';
import type { LedgerPorts } from './ports';
import { find, type OrgState } from './state';
import { CLOCK_TOLERANCE_MS } from './window-book';

const REQUIRED = [
  'v',
  'orgId',
  'genesis',
  'userId',
  'method',
  'path',
  'bodyHash',
  'serverNonce',
  'expiresAt',
  'context',
];
const TEXTS = ['orgId', 'genesis', 'userId', 'method', 'path', 'bodyHash', 'serverNonce'] as const;

/** Statements are a closed schema: a member nobody checks could carry a second meaning. */
const isStatement = (value: unknown): value is Statement => {
  if (typeof value !== 'object' || value === null) return false;
  const statement = value as { [key: string]: unknown };
  const keys = Object.keys(statement);
  return (
    REQUIRED.every((key) => keys.includes(key)) &&
    keys.every((key) => REQUIRED.includes(key) || key === 'tokenId') &&
    statement.v === 1 &&
    TEXTS.every((key) => typeof statement[key] === 'string') &&
    (statement.tokenId === undefined || typeof statement.tokenId === 'string') &&
    Number.isSafeInteger(statement.expiresAt) &&
    typeof statement.context === 'object' &&
    statement.context !== null &&
    !Array.isArray(statement.context)
  );
};

/** Who signed, and the identity of the statement for single use. */
export type CheckedStatement = { readonly actor: Actor; readonly statementId: string };

/** Identity of a statement for single use, lower-case hex. */
export const statementId = (statement: Statement): string => bytesToHex(statementChallengeBytes(statement));

const invalid = (message: string) => refused(403, 'authentication.user_action_invalid', message);

/**
 * Checks that a live credential signed exactly this request for exactly this organisation, once and in time.
 * The API and every signer run it on their own state (design §4.1, §4.2 Time).
 * @param leaf Its `bodyHash` has been compared with the body.
 */
export const checkStatement = (state: OrgState, leaf: Leaf, ports: LedgerPorts): Outcome<CheckedStatement> => {
  const { statement, assertion } = leaf;
  if (!isStatement(statement) || !assertion) return invalid('user action signature is missing or invalid');
  const org = find(state, 'org', statement.orgId);
  if (!org) return invalid('The statement names another organisation.');
  if (statement.genesis !== org.genesisHash) return invalid('The statement carries another genesis.');
  if (statement.bodyHash !== leaf.bodyHash) return invalid('The statement was signed over another body.');
  if (statement.expiresAt < leaf.at || statement.expiresAt > leaf.at + STATEMENT_LIFE_MS)
    return invalid('The user action expired. Ask for a new challenge and sign again.');
  const checkpoint = find(state, 'checkpoint', 'last');
  if (checkpoint && statement.expiresAt < checkpoint.at - CLOCK_TOLERANCE_MS)
    return invalid('The user action expired before the last checkpoint.');
  const challenge = statementChallengeBytes(statement);
  const id = bytesToHex(challenge);
  if (find(state, 'statement', id))
    return refused(400, 'authentication.user_action_used', 'user action has already been used');
  const credential = state.tables.credential
    .by('credId', assertion.credId)
    .find((item) => item.userId === statement.userId && item.kind !== 'RecoveryKey');
  const user = find(state, 'user', statement.userId);
  if (!credential || !user || !isCredentialLive(state, credential))
    return invalid('The credential is unknown, revoked or not introduced by one that counts.');
  if (credential.kind !== assertion.kind) return invalid('The assertion is of another kind than the credential.');
  if (credential.tokenId !== statement.tokenId) return invalid('The credential belongs to another token.');
  const token = statement.tokenId ? find(state, 'token', statement.tokenId) : undefined;
  if (statement.tokenId && (!token?.isActive || token.expiresAt <= leaf.at || token.userId !== user.id))
    return refused(401, 'authentication.token_invalid', 'Not Authorized.');
  const verified = verifyAssertion({
    assertion,
    challenge: toBase64Url(challenge),
    credential,
    rpId: org.genesis.rpId,
    origins: originsOf(org),
    verify: ports.verifyCredential,
  });
  if (!verified.ok) return invalid(`user action signature is missing or invalid: ${verified.refusal.message}`);
  const { counter, backup } = verified.value;
  const seen = find(state, 'counter', credential.id)?.value ?? 0;
  // Authenticators without a counter say 0 always. One that has a counter and does not raise it may be a copy.
  const isCounted = counter !== null && (counter !== 0 || seen !== 0);
  if (isCounted && counter <= seen) return invalid('The counter of the passkey did not rise: it may have been cloned.');
  const told = backup ? { ...credential, isBackupEligible: backup.isEligible } : credential;
  const actor = { user, credential: told, ...(token ? { token } : {}), ...(isCounted ? { counter } : {}) };
  return accepted({ actor, statementId: id });
};
