import type { ActivityKind, Policy } from './policy';
import { isNamed, seatsOf, type Voter } from './quorum';

/** A group that could not be filled for somebody's change of governance. */
export type DeadEnd = {
  readonly policyId: string;
  readonly policyName: string;
  readonly groupIndex: number;
  readonly required: number;
  /** Live eligible voters, without the initiator where the initiator may not approve. */
  readonly available: number;
};

const GOVERNANCE: readonly ActivityKind[] = ['Policies:Modify', 'Permissions:Modify', 'Permissions:Assign'];

/** Whether the policy is in force and about changes of governance. */
export const isGoverning = ({ status, definition }: Policy): boolean =>
  status !== 'Archived' && GOVERNANCE.includes(definition.activityKind);

/**
 * Finds the first policy (by id) on `Policies:*` or `Permissions:*` with a group that has fewer live eligible voters than its quorum.
 * Where the group excludes the initiator, each possible initiator in it is left out in turn: nobody may be locked out of asking.
 * @param liveVoters Active users who may approve at all; service accounts included, end users not.
 * @param mayInitiate Who may ask for such changes; everybody if it isn't known.
 */
export const findDeadEnd = (
  policies: readonly Policy[],
  liveVoters: readonly Voter[],
  mayInitiate: (userId: string) => boolean = () => true,
): DeadEnd | null => {
  const governing = policies.filter(isGoverning).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const policy of governing) {
    const { action, name } = policy.definition;
    if (action.kind !== 'RequestApproval') continue;
    for (const [groupIndex, group] of action.approvalGroups.entries()) {
      const named = liveVoters.filter((voter) =>
        isNamed({ ...group, policyId: policy.id, index: groupIndex }, voter, null),
      );
      const users = new Set(named.map((voter) => voter.userId));
      const losesOne = group.initiatorCanApprove !== true && [...users].some(mayInitiate);
      const available = users.size - (losesOne ? 1 : 0);
      const seats = seatsOf(group);
      if (seats === null || available < seats)
        return { policyId: policy.id, policyName: name, groupIndex, required: group.quorum, available };
    }
  }
  return null;
};
