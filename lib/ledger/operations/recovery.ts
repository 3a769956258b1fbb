import { accepted, refused } from '@/lib/domain/refusal';
import { governanceLane, type LedgerOperation, textEffect } from '../decision';
import { isCredentialLive } from '../live';
import { find } from '../state';

/**
 * A service account begins a recovery for somebody whom its own application has identified: it stands for the code by mail and
 * no more. What recovers the account is its recovery key.
 */
export const createDelegatedRecoveryChallenge: LedgerOperation = {
  operationId: 'auth.createDelegatedRecoveryChallenge',
  lane: governanceLane,
  effects: ({ query }) => ({ userId: query.userId ?? '' }),
  decide: ({ state, body, effects, actor }) => {
    if (!actor.user.isServiceAccount)
      return refused(403, 'recovery.delegate', 'Only a service account can begin a recovery for somebody else.');
    const user = find(state, 'user', textEffect(effects, 'userId') ?? '');
    if (!user?.isActive || !user.isRegistered || user.isServiceAccount)
      return refused(401, 'recovery.user', 'User not found');
    const key = state.tables.credential
      .by('credId', body.credentialId)
      .find((item) => item.userId === user.id && item.kind === 'RecoveryKey');
    if (!isCredentialLive(state, key))
      return refused(401, 'recovery.factor', 'Credential cannot be used as a recovery factor.');
    return accepted({ changes: [], result: { kind: 'user', id: user.id }, status: 200 });
  },
};
