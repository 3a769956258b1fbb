import { adminsLeft, lastAdmin } from './last-admin';
import { deadEndRefusal } from './policies';
import type { Change } from './records';
import { type OrgState, put } from './state';

/** Refuses changes that take the last administrator away, or the people whom a policy on policies or permissions needs. */
export const removalRefusal = (state: OrgState, changes: readonly Change[]) =>
  adminsLeft(state, changes) ? deadEndRefusal(state, changes) : lastAdmin();

/** What somebody who is removed for good held: nobody finds it among the grants in force any more. */
export const revokedAssignments = (state: OrgState, identityIds: readonly string[]): Change[] =>
  identityIds
    .flatMap((identityId) => state.tables.assignment.by('identityId', identityId))
    .filter((item) => !item.isRevoked)
    .map((item) => put('assignment', { ...item, isRevoked: true }));
