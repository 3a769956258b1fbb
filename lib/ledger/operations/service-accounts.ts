import { refused } from '@/lib/domain/refusal';
import { freshId } from '../checks';
import { governanceLane, type LedgerOperation, makeId } from '../decision';
import { newToken, tokenEffects, withPermission } from '../new-token';
import { put } from '../state';

export const createServiceAccount: LedgerOperation = {
  operationId: 'auth.createServiceAccount',
  lane: governanceLane,
  effects: (input) => ({ userId: makeId('user', input), ...tokenEffects(input) }),
  decide: (input) => {
    const { state, effects, actor, at } = input;
    if (actor.token || actor.user.kind !== 'CustomerEmployee')
      return refused(403, 'service_account.creator', 'Only a signed-in employee can create a service account.');
    const userId = freshId(state, effects, 'userId', 'user', 'user');
    if (!userId.ok) return userId;
    const token = newToken(input, { userId: userId.value, kind: 'ServiceAccount' });
    if (!token.ok) return token;
    const user = put('user', {
      id: userId.value,
      kind: 'CustomerEmployee',
      isServiceAccount: true,
      isActive: true,
      isRegistered: true,
      dateCreated: at,
    });
    return withPermission(input, [user, ...token.value.changes], userId.value, { kind: 'user', id: userId.value });
  },
};
