import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
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
import { all, find, put } from '../state';

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
    const others = all(input.state, 'credential').filter(
      (item) =>
        item.id !== credential.id &&
        item.userId === credential.userId &&
        item.isActive &&
        item.introduced &&
        isFirstFactor(item),
    );
    if (credential.isActive && isFirstFactor(credential) && others.length === 0)
      return refused(
        409,
        'credential.last',
        'This is the last credential you can sign with. Add or activate another one first.',
      );
    return changed(credential, credential.isActive ? { ...credential, isActive: false } : credential);
  },
};
