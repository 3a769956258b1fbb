import type { z } from 'zod';
import {
  RECOVERY_LIFE_MS,
  type RecoveryStatement,
  recoveryChallenge,
  recoveryProof,
} from '@/lib/authentication/recovery';
import { verifyAssertion } from '@/lib/authentication/verify-assertion';
import { recoveryBody, recoveryStatement } from '@/lib/contract/auth-registration';
import { parseJson } from '@/lib/contract/json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Decided } from './decision';
import { givenCredentials } from './foundation';
import { adminsLeft, lastAdmin } from './last-admin';
import { isCredentialLive } from './live';
import { attestCredentials } from './new-credential';
import type { NodeEntryInput } from './node-entry';
import { originsOf } from './org-settings';
import { deadEndRefusal } from './policies';
import type { Change, CredentialRecord, OrgRecord, UserRecord } from './records';
import { isWaiting, RECOVERY_WAIT_MS } from './recovery-wait';
import { revokedAssignments } from './removal';
import { all, find, put } from './state';
import { CLOCK_TOLERANCE_MS } from './window-book';

const unusable = () => refused(401, 'recovery.factor', 'Credential cannot be used as a recovery factor.');

type Body = z.infer<typeof recoveryBody>;
type Recovery = {
  readonly org: OrgRecord;
  readonly user: UserRecord;
  readonly key: CredentialRecord;
  readonly statement: RecoveryStatement;
  readonly newCredentials: Body['newCredentials'];
};

/** Whether the challenge may still be answered at this entry; as with the statement of a user action. */
const isTimely = ({ state, leaf }: NodeEntryInput, { expiresAt }: RecoveryStatement): boolean => {
  const checkpoint = find(state, 'checkpoint', 'last');
  const isExpired = expiresAt < leaf.at || expiresAt > leaf.at + RECOVERY_LIFE_MS;
  return !isExpired && !(checkpoint && expiresAt < checkpoint.at - CLOCK_TOLERANCE_MS);
};

/** Who recovers what: the account's own recovery key signed exactly these new credentials. */
const checked = (input: NodeEntryInput, raw: Uint8Array): Outcome<Recovery> => {
  const { state, leaf, at, ports } = input;
  const org = all(state, 'org')[0];
  const json = parseJson(raw);
  const body = json.ok ? recoveryBody.safeParse(json.value) : null;
  const named = recoveryStatement.safeParse(leaf.effects.recovery);
  if (!org || !json.ok || !body?.success || !named.success)
    return refused(400, 'recovery.malformed', 'The recovery is malformed.');
  const statement = named.data;
  if (statement.orgId !== org.id || statement.genesis !== org.genesisHash)
    return refused(403, 'recovery.organisation', 'The recovery is for another organisation.');
  if (!isTimely(input, statement)) return refused(400, 'recovery.expired', 'The recovery took too long. Begin again.');
  const user = find(state, 'user', statement.userId);
  const key = find(state, 'credential', statement.credentialId);
  if (!user?.isRegistered || key?.userId !== user.id || key.kind !== 'RecoveryKey') return unusable();
  if (!isCredentialLive(state, key) || isWaiting(state, key, at)) return unusable();
  const { recovery, newCredentials } = body.data;
  const verified = verifyAssertion({
    assertion: { kind: recovery.kind, ...recovery.credentialAssertion },
    challenge: recoveryProof((json.value as { readonly newCredentials: unknown }).newCredentials),
    credential: key,
    rpId: org.genesis.rpId,
    origins: originsOf(org),
    verify: ports.verifyCredential,
  });
  return verified.ok ? accepted({ org, user, key, statement, newCredentials }) : verified;
};

/**
 * Somebody who lost their credentials replaces them by a recovery key, which introduces the new ones and is spent by it. Everything
 * they had before ends for good: credentials, recovery keys and personal tokens, and with them what those signed that nobody entered, and votes.
 * In a `strict` organisation the new credentials wait a day before they act; see `settleRecoveries`.
 */
export const decideRecovery = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  const { state, leaf, at, ports } = input;
  const recovery = checked(input, raw);
  if (!recovery.ok) return recovery;
  const { org, user, key, statement, newCredentials } = recovery.value;
  const credentials = attestCredentials(givenCredentials(newCredentials), leaf, {
    state,
    ports,
    challenge: recoveryChallenge(statement),
    userId: user.id,
    introduced: true,
    at,
  });
  if (!credentials.ok) return credentials;
  const wait = org.strict ? { usableFrom: at + RECOVERY_WAIT_MS } : {};
  const recovered = [...(org.recovered ?? []), ...credentials.value.map((item) => ({ credentialId: item.id, at }))];
  const former = state.tables.credential.by('userId', user.id);
  const tokens = state.tables.token.by('userId', user.id).filter((item) => !item.isArchived);
  const tokenIds = tokens.map((item) => item.id);
  const isFounders = org.genesis.firstAdmin.credentials.some((item) => item.id === key.id);
  const changes: Change[] = [
    // What a key of the genesis signs over its hash confirms it, a recovery too: afterwards nobody else could.
    ...((isFounders && !org.confirmed) || org.strict
      ? [put('org', { ...org, confirmed: org.confirmed || isFounders, ...(org.strict ? { recovered } : {}) })]
      : []),
    ...former.map((item) => put('credential', { ...item, isActive: false, isRetired: true })),
    ...tokens.map((item) => put('token', { ...item, isActive: false, isArchived: true })),
    ...revokedAssignments(state, tokenIds),
    ...credentials.value.map((item) => put('credential', { ...item, ...wait })),
  ];
  // A role with rules may need another kind of credential than the new ones: nobody locks everybody out by recovering.
  if (adminsLeft(state, []) && !adminsLeft(state, changes)) return lastAdmin();
  const deadEnd = deadEndRefusal(state, changes);
  if (deadEnd) return deadEnd;
  return accepted({ changes, result: { kind: 'user', id: user.id }, status: 200 });
};
