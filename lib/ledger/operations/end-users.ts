import { accepted, refused } from '@/lib/domain/refusal';
import { freshId } from '../checks';
import { type Actor, governanceLane, type LedgerOperation, makeId, textEffect } from '../decision';
import { endUserAssignment, findEndUserPermission, newEndUserPermission } from '../end-users';
import type { Change } from '../records';
import { find, put } from '../state';

const requireServiceAccount = (actor: Actor) =>
  actor.token?.kind === 'ServiceAccount'
    ? null
    : refused(403, 'end_user.service_account', 'Only a service account can do this for an end user.');

/**
 * A service account introduces an end user, or asks again for one who has not registered yet. The server finds by name whom it is
 * about and says so in the effects; a registered one is never begun anew.
 */
export const registerEndUser: LedgerOperation = {
  operationId: 'auth.createDelegatedRegistrationChallenge',
  lane: governanceLane,
  effects: (input) => ({
    userId: input.query.endUserId ?? makeId('user', input),
    permissionId: makeId('permission', input),
    assignmentId: makeId('assignment', input),
  }),
  decide: ({ state, effects, actor, at }) => {
    const denied = requireServiceAccount(actor);
    if (denied) return denied;
    const known = find(state, 'user', textEffect(effects, 'userId') ?? '');
    if (known)
      return known.kind === 'EndUser' && known.isActive && !known.isRegistered
        ? accepted({ changes: [], result: { kind: 'user', id: known.id }, status: 200 })
        : refused(401, 'user.exists', 'User already exists.');
    const id = freshId(state, effects, 'userId', 'user', 'user');
    if (!id.ok) return id;
    const assignmentId = freshId(state, effects, 'assignmentId', 'assignment', 'assignment');
    if (!assignmentId.ok) return assignmentId;
    const existing = findEndUserPermission(state);
    const permissionId = existing
      ? accepted(existing.id)
      : freshId(state, effects, 'permissionId', 'permission', 'permission');
    if (!permissionId.ok) return permissionId;
    const ids = { id: assignmentId.value, permissionId: permissionId.value, identityId: id.value };
    const changes: Change[] = [
      put('user', {
        id: id.value,
        kind: 'EndUser',
        isServiceAccount: false,
        isActive: true,
        isRegistered: false,
        dateCreated: at,
      }),
      ...(existing ? [] : [put('permission', newEndUserPermission(permissionId.value, at))]),
      put('assignment', endUserAssignment(ids, at)),
    ];
    return accepted({ changes, result: { kind: 'user', id: id.value }, status: 200 });
  },
};

/** A service account signs an end user in. It changes nothing and is written down all the same: who had whose session. */
export const loginEndUser: LedgerOperation = {
  operationId: 'auth.delegatedLogin',
  lane: governanceLane,
  effects: (input) => ({ userId: input.query.endUserId ?? '' }),
  decide: ({ state, effects, actor }) => {
    const denied = requireServiceAccount(actor);
    if (denied) return denied;
    const user = find(state, 'user', textEffect(effects, 'userId') ?? '');
    if (user?.kind !== 'EndUser' || !user.isRegistered || !user.isActive)
      return refused(401, 'user.not_found', 'User not found');
    return accepted({ changes: [], result: { kind: 'user', id: user.id }, status: 200 });
  },
};
