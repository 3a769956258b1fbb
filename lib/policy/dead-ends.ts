import { filtersMatch } from './filters';
import type { ActivityKind, Policy, RequiredGroup } from './policy';
import { isNamed, seatsOf, type Voter } from './quorum';
import { seatPeople } from './seats';

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

const byId = (a: Policy, b: Policy): number => (a.id < b.id ? -1 : 1);

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
  const governing = policies.filter(isGoverning).toSorted(byId);
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

const textsIn = ({ definition: { filters } }: Policy): readonly string[] =>
  Object.values(filters ?? {}).flatMap((filter) => filter.in ?? []);

type NamedGroup = RequiredGroup & { readonly policyName: string };

/** Policies that one and the same change would have to satisfy together: for each object a filter names, and for any other one. */
const askedTogether = (policies: readonly Policy[]): readonly (readonly Policy[])[] =>
  GOVERNANCE.flatMap((kind) => {
    const ofKind = policies.filter(({ definition }) => definition.activityKind === kind);
    const objects = [...new Set(ofKind.flatMap(textsIn)), ''];
    const together = objects.map((id) =>
      ofKind.filter(({ definition }) =>
        filtersMatch(definition.filters, { kind, subject: { permissionId: id, policyId: id } }),
      ),
    );
    // Un-freezing is about no policy, so that every filter fits it.
    return kind === 'Policies:Modify' ? [...together, ofKind] : together;
  });

/**
 * The same where each person counts once across all groups (`strict` organisations): finds a policy whose groups, with those of the policies
 * that the same change has to satisfy, need more different people than there are, whoever of them asks.
 */
export const findSharedDeadEnd = (policies: readonly Policy[], liveVoters: readonly Voter[]): DeadEnd | null => {
  for (const together of askedTogether(policies.filter(isGoverning).toSorted(byId))) {
    const groups = together.flatMap(({ id, definition: { name, action } }) =>
      action.kind === 'RequestApproval'
        ? action.approvalGroups.map((group, index): NamedGroup => ({ ...group, policyId: id, index, policyName: name }))
        : [],
    );
    const required = groups.map((group) => seatsOf(group) ?? 0);
    // Somebody no group names asks, or each of those whom one would leave out.
    const left = liveVoters.filter((voter) =>
      groups.some((group) => group.initiatorCanApprove !== true && isNamed(group, voter, null)),
    );
    for (const initiatorId of [null, ...left.map((voter) => voter.userId)]) {
      const candidates = liveVoters.map((voter) => ({
        userId: voter.userId,
        seats: groups.map((group) => (isNamed(group, voter, initiatorId) ? [voter.userId] : [])),
      }));
      const seated = seatPeople(candidates, required, 'acrossGroups');
      const short = groups.findIndex((_, index) => (seated[index]?.length ?? 0) < (required[index] ?? 0));
      const group = groups[short];
      if (group)
        return {
          policyId: group.policyId,
          policyName: group.policyName,
          groupIndex: group.index,
          required: group.quorum,
          available: seated[short]?.length ?? 0,
        };
    }
  }
  return null;
};
