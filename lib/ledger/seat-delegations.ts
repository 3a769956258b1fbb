import { PERMISSION_TO_DECIDE, requesterStillMay } from './live';
import { openingTime } from './opening-time';
import type { DelegationRecord } from './records';
import type { OrgState } from './state';

/** Whether a delegation is in force but for its time: not revoked, and who signed it could still decide themself. */
export const isDelegationLive = (state: OrgState, delegation: DelegationRecord | undefined): boolean =>
  delegation !== undefined &&
  !delegation.isRevoked &&
  requesterStillMay(state, delegation.requester, [PERMISSION_TO_DECIDE]).ok;

/** Whether it is the time of the delegation. One that began with its own entry began there; a later beginning is for the nodes to see. */
const isItsTime = (state: OrgState, { from, until, dateCreated }: DelegationRecord, at: number): boolean =>
  (from <= dateCreated || from <= openingTime(state, at)) && at < until;

/** Delegations by which the user may take others' seats at that time, unix ms. */
export const delegationsTo = (state: OrgState, userId: string, at: number): readonly DelegationRecord[] =>
  state.tables.delegation
    .by('toUserId', userId)
    .filter((delegation) => isItsTime(state, delegation, at))
    .filter((delegation) => isDelegationLive(state, delegation));
