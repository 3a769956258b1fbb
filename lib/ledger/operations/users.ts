import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { trimEndOf } from '@/lib/domain/trim-end';
import { freshId, notFound } from '../checks';
import { type Decided, governanceLane, type LedgerOperation, makeId, type OperationInput } from '../decision';
import type { Change, UserRecord } from '../records';
import { removalRefusal, revokedAssignments } from '../removal';
import { find, type OrgState, put } from '../state';

export const createUser: LedgerOperation = {
  operationId: 'auth.createUser',
  lane: governanceLane,
  effects: (input) => ({ userId: makeId('user', input) }),
  decide: ({ state, body, effects, at }) => {
    const id = freshId(state, effects, 'userId', 'user', 'user');
    if (!id.ok) return id;
    const user = {
      id: id.value,
      kind: 'CustomerEmployee',
      isServiceAccount: false,
      isActive: true,
      isRegistered: false,
      ...(body.isSSORequired ? { isSSORequired: true } : {}),
      dateCreated: at,
    } as const;
    return accepted({ changes: [put('user', user)], result: { kind: 'user', id: id.value }, status: 200 });
  },
};

/** A holder of Permissions:Assign vouches over the fingerprints of an invited person's keys (design §4.3). */
export const vouchUser: LedgerOperation = {
  operationId: 'x.vouchUser',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, params, body, actor }) => {
    const user = find(state, 'user', params.userId ?? '');
    if (!user || user.isArchived) return notFound('user', 'userId', params.userId ?? '');
    if (user.id === actor.user.id) return refused(403, 'enrolment.self_vouch', 'Nobody can vouch for themselves.');
    const credential = find(state, 'credential', body.credentialUuid);
    if (credential?.userId !== user.id || !credential.isActive)
      return notFound('credential', 'credentialUuid', body.credentialUuid);
    if (credential.introduced) return refused(409, 'enrolment.vouched', 'Somebody vouched for this key already.');
    if (keyFingerprint(credential.publicKey) !== trimEndOf(body.fingerprint, '='))
      return refused(
        409,
        'enrolment.fingerprint',
        'The fingerprint is not that of the registered key. Compare it again, in person or by phone.',
      );
    return accepted({
      changes: [put('credential', { ...credential, introduced: true })],
      result: { kind: 'user', id: user.id },
      status: 200,
    });
  },
};

const changePerson = (
  operationId: string,
  decide: (user: UserRecord, input: OperationInput<{ readonly isSSORequired?: boolean }>) => Outcome<readonly Change[]>,
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects: () => ({}),
  decide: (input): Outcome<Decided> => {
    const id = input.params.userId ?? '';
    const user = find(input.state, 'user', id);
    if (!user || user.isServiceAccount || user.isArchived) return notFound('user', 'userId', id);
    const changes = decide(user, input);
    if (!changes.ok) return changes;
    return accepted({ changes: changes.value, result: { kind: 'user', id }, status: 200 });
  },
});

const unlessNeeded = (state: OrgState, changes: readonly Change[]): Outcome<readonly Change[]> =>
  removalRefusal(state, changes) ?? accepted(changes);

export const updateUser = changePerson('auth.updateUser', (user, { body }) =>
  accepted([put('user', { ...user, isSSORequired: body.isSSORequired === true })]),
);

export const activateUser = changePerson('auth.activateUser', (user) =>
  accepted([put('user', { ...user, isActive: true })]),
);

/** From here on nothing of the person counts: sessions, tokens, credentials, and votes on what is not signed yet (design §4.4). */
export const deactivateUser = changePerson('auth.deactivateUser', (user, { state }) =>
  unlessNeeded(state, [put('user', { ...user, isActive: false })]),
);

export const archiveUser = changePerson('auth.archiveUser', (user, { state }) => {
  const tokens = state.tables.token.by('userId', user.id);
  return unlessNeeded(state, [
    put('user', { ...user, isActive: false, isArchived: true }),
    ...tokens.map((token) => put('token', { ...token, isActive: false, isArchived: true })),
    ...revokedAssignments(state, [user.id, ...tokens.map((token) => token.id)]),
  ]);
});
