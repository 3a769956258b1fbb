import { PERMISSION_TO_DECIDE, requesterStillMay } from './live';
import type { DelegationRecord } from './records';
import type { OrgState } from './state';

/** Whether a delegation is in force but for its time: not revoked, and who signed it could still decide themself. */
export const isDelegationLive = (state: OrgState, delegation: DelegationRecord | undefined): boolean =>
  delegation !== undefined &&
  !delegation.isRevoked &&
  requesterStillMay(state, delegation.requester, [PERMISSION_TO_DECIDE]).ok;

/** Delegations by which the user may take others' seats at that time, unix ms. */
export const delegationsTo = (state: OrgState, userId: string, at: number): readonly DelegationRecord[] =>
  state.tables.delegation
    .by('toUserId', userId)
    .filter(({ from, until }) => from <= at && at < until)
    .filter((delegation) => isDelegationLive(state, delegation));
