import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { accepted, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId } from '../decision';
import { find, put } from '../state';

export const createUser: LedgerOperation = {
  operationId: 'auth.createUser',
  lane: governanceLane,
  effects: (input) => ({ userId: makeId('user', input) }),
  decide: ({ state, effects, at }) => {
    const id = freshId(state, effects, 'userId', 'user', 'user');
    if (!id.ok) return id;
    const user = {
      id: id.value,
      kind: 'CustomerEmployee',
      isServiceAccount: false,
      isActive: true,
      isRegistered: false,
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
    if (!user) return notFound('user', 'userId', params.userId ?? '');
    if (user.id === actor.user.id) return refused(403, 'enrolment.self_vouch', 'Nobody can vouch for themselves.');
    const credential = find(state, 'credential', body.credentialUuid);
    if (credential?.userId !== user.id || !credential.isActive)
      return notFound('credential', 'credentialUuid', body.credentialUuid);
    if (credential.introduced) return refused(409, 'enrolment.vouched', 'Somebody vouched for this key already.');
    if (keyFingerprint(credential.publicKey) !== body.fingerprint.replace(/=+$/, ''))
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
