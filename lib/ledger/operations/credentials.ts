import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { CREDENTIAL_CODE_LIFE_MS } from '../credential-codes';
import {
  type Decided,
  governanceLane,
  type LedgerOperation,
  makeId,
  type OperationInput,
  textEffect,
} from '../decision';
import { isFirstFactor } from '../live';
import { attestCredential, DEFAULT_CREDENTIAL_NAME } from '../new-credential';
import type { CredentialRecord } from '../records';
import { removalRefusal } from '../removal';
import { find, put } from '../state';

const byToken = () => refused(403, 'credential.token', 'A token cannot change credentials; sign in as the person.');

export const createCredential: LedgerOperation = {
  operationId: 'auth.createCredential',
  lane: governanceLane,
  effects: (input) => ({ credentialId: makeId('credential', input), challenge: input.query.credentialChallenge ?? '' }),
  decide: ({ state, body, effects, actor, at, ports }) => {
    if (actor.token) return byToken();
    const id = freshId(state, effects, 'credentialId', 'credential', 'credential');
    if (!id.ok) return id;
    const credential = attestCredential(body, {
      state,
      ports,
      challenge: textEffect(effects, 'challenge') ?? '',
      id: id.value,
      name: body.credentialName ?? DEFAULT_CREDENTIAL_NAME,
      userId: actor.user.id,
      introduced: true,
      at,
    });
    if (!credential.ok) return credential;
    return accepted({
      changes: [put('credential', credential.value)],
      result: { kind: 'credential', id: id.value },
      status: 200,
    });
  },
};

type Named = { readonly credentialUuid: string };

/** The credential that the body names, if it is one of the caller's own and no token's. */
const ownCredential = ({ state, actor, body }: OperationInput<Named>): Outcome<CredentialRecord> => {
  if (actor.token) return byToken();
  const credential = find(state, 'credential', body.credentialUuid);
  return credential?.userId === actor.user.id && credential.tokenId === undefined
    ? accepted(credential)
    : notFound('credential', 'credentialUuid', body.credentialUuid);
};

const changed = (credential: CredentialRecord, next: CredentialRecord): Outcome<Decided> =>
  accepted({
    changes: next === credential ? [] : [put('credential', next)],
    result: { kind: 'credential', id: credential.id },
    status: 200,
  });

/**
 * The owner lets a credential of theirs count: again, or for the first time. The statement names its public key, so that whoever
 * signs introduces this key and no other (design §4.3).
 */
export const activateCredential: LedgerOperation = {
  operationId: 'auth.activateCredential',
  lane: governanceLane,
  effects: () => ({}),
  decide: (input: OperationInput<Named>) => {
    const own = ownCredential(input);
    if (!own.ok) return own;
    const credential = own.value;
    if (credential.isRetired)
      return refused(409, 'credential.retired', 'A recovery ended this credential for good. Add a new one.');
    const counts = credential.isActive && credential.introduced;
    return changed(credential, counts ? credential : { ...credential, isActive: true, introduced: true });
  },
};

/**
 * From this entry on nothing the credential signed counts: open challenges, signed requests not yet entered, and votes, which
 * signers judge at their head. Nobody can give up the last credential they sign with, so that no group loses a voter by it.
 */
export const deactivateCredential: LedgerOperation = {
  operationId: 'auth.deactivateCredential',
  lane: governanceLane,
  effects: () => ({}),
  decide: (input: OperationInput<Named>) => {
    const own = ownCredential(input);
    if (!own.ok) return own;
    const credential = own.value;
    const others = input.state.tables.credential
      .by('userId', credential.userId)
      .filter((item) => item.id !== credential.id && item.isActive && item.introduced && isFirstFactor(item));
    if (credential.isActive && isFirstFactor(credential) && others.length === 0)
      return refused(
        409,
        'credential.last',
        'This is the last credential you can sign with. Add or activate another one first.',
      );
    if (!credential.isActive) return changed(credential, credential);
    const next = { ...credential, isActive: false };
    // Another one may be left that does not meet the rules of a role.
    return removalRefusal(input.state, [put('credential', next)]) ?? changed(credential, next);
  },
};

/** When a code's owner wants it to end, unix ms; null for a time more than a minute ahead or past. */
const codeEnd = (expiration: string | number, at: number): number | null => {
  const number = typeof expiration === 'number' ? expiration : Date.parse(expiration);
  const end = typeof expiration === 'number' && number < SECONDS_UP_TO ? number * 1000 : number;
  return end > at && end <= at + CREDENTIAL_CODE_LIFE_MS + CLOCKS_APART_MS
    ? Math.min(end, at + CREDENTIAL_CODE_LIFE_MS)
    : null;
};
/** Unix seconds are below it, milliseconds above. */
const SECONDS_UP_TO = 100_000_000_000;
/** What a client's clock may be ahead. */
const CLOCKS_APART_MS = 10_000;

/** The owner allows one further credential, to be added from another device within a minute. */
export const createCredentialCode: LedgerOperation = {
  operationId: 'auth.createCredentialCode',
  lane: governanceLane,
  effects: (input) => ({ codeId: makeId('credential', input) }),
  decide: ({ state, body, effects, actor, at }: OperationInput<{ readonly expiration: string | number }>) => {
    if (actor.token) return byToken();
    const id = freshId(state, effects, 'codeId', 'credential', 'credential');
    if (!id.ok) return id;
    if (find(state, 'credentialCode', id.value))
      return refused(409, 'ledger.id_used', `The id ${id.value} was used before.`, { id: id.value });
    const expiresAt = codeEnd(body.expiration, at);
    if (expiresAt === null)
      return refused(400, 'credential.code_expiration', 'expiration: a code ends within the next minute.');
    return accepted({
      changes: [
        put('credentialCode', { id: id.value, userId: actor.user.id, credentialId: actor.credential.id, expiresAt }),
      ],
      result: { kind: 'credentialCode', id: id.value },
      status: 200,
    });
  },
};
