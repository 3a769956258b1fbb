import { refused } from '@/lib/domain/refusal';
import { findDeadEnd, findSharedDeadEnd, isGoverning } from '@/lib/policy/dead-ends';
import { evaluateIndexed } from '@/lib/policy/evaluate';
import type { ApprovalGroup, Evaluation, Policy, PolicyActivity, PolicyDecision } from '@/lib/policy/policy';
import { liveVoters } from './live';
import { bindingOf } from './policy-table';
import { type Change, isGrowing } from './records';
import { all, copyTable, find, type OrgState } from './state';

export const policiesOf = (state: OrgState): Policy[] => all(state, 'policy');

/** Policies that bind at that time, unix ms: as they are now, and beside it as they were before a change that has not cooled yet. */
export const policiesInForce = (state: OrgState, at: number): Policy[] =>
  all(state, 'policy')
    .flatMap(bindingOf)
    .filter(({ until }) => until === undefined || at < until);

/** Policies in force that name the user among the approvers of a group. */
export const policiesNaming = (state: OrgState, userId: string): Policy[] =>
  policiesOf(state).filter(
    ({ status, definition: { action } }) =>
      status === 'Active' &&
      action.kind === 'RequestApproval' &&
      action.approvalGroups.some(
        ({ approvers, escalation }) =>
          approvers.userId?.in.includes(userId) || escalation?.approvers.userId.in.includes(userId),
      ),
  );

/** Policies in force at that time, unix ms, that go by one of these tags of wallets. */
export const policiesByTags = (state: OrgState, tags: readonly string[], at: number): Policy[] =>
  policiesInForce(state, at).filter(({ status, definition: { filters } }) => {
    const asked = filters?.['walletTags'];
    return (
      status === 'Active' && [...(asked?.hasAny ?? []), ...(asked?.hasAll ?? [])].some((tag) => tags.includes(tag))
    );
  });

/** Whether a policy in force asks a group that names no person: anybody, or service accounts alone. `strict` allows none. */
export const isTooLoose = (state: OrgState, { status, definition: { action } }: Policy): boolean =>
  status === 'Active' &&
  action.kind === 'RequestApproval' &&
  action.approvalGroups.some((group) => !namesPerson(state, group));

/** Whether an approval group names its approvers, and a person among them. */
export const namesPerson = (state: OrgState, { approvers }: ApprovalGroup): boolean =>
  (approvers.userId?.in ?? []).some((id) => !find(state, 'user', id)?.isServiceAccount);

/** All policies in force at that time, evaluated; an error while deciding is a Block (design §4.4). */
export const decideByPolicy = (state: OrgState, activity: PolicyActivity, at: number): PolicyDecision =>
  evaluateIndexed(state.tables.policy.index(), activity, at);

/** What stands where policies have no say. */
export const ALLOWED: PolicyDecision = {
  outcome: 'Allow',
  evaluations: [],
  groups: [],
  autoRejectMinutes: null,
  delayMinutes: 0,
};

/** The evaluations that block. */
export const blockingOf = ({ evaluations }: PolicyDecision): readonly Evaluation[] =>
  evaluations.filter((item) => item.triggered && item.action === 'Block');

/** Why a policy blocks, in words: every blocking policy by its name, with what it compared. */
export const blockReason = (state: OrgState, decision: PolicyDecision): string => {
  const named = blockingOf(decision).map((item) => {
    const name = find(state, 'policy', item.policyId)?.definition.name;
    return `${name === undefined ? 'a policy' : `“${name}”`}: ${item.reason}`;
  });
  return `Blocked by ${named.join(' Also by ')}`;
};

/** Who may do what, and the policies, as they would be after the changes; the given state is left alone. */
export const after = (state: OrgState, changes: readonly Change[]): OrgState => {
  const tables: { [kind: string]: unknown } = { ...state.tables };
  for (const change of changes) {
    if (isGrowing(change.kind)) continue;
    const before = tables[change.kind] as ReadonlyMap<string, unknown>;
    const now = before === state.tables[change.kind] ? copyTable(before) : (before as Map<string, unknown>);
    tables[change.kind] = now.set(change.record.id, change.record);
  }
  return { ...state, tables: tables as unknown as OrgState['tables'] };
};

/**
 * Refuses changes after which a policy on policies or permissions could never reach its quorum again (design §4.4 No dead ends).
 * A dead end that was there before is not made worse by an unrelated change and does not block it.
 */
export const deadEndRefusal = (state: OrgState, changes: readonly Change[]) => {
  const next = after(state, changes);
  const deadEnds = (of: OrgState) => {
    const governing = policiesOf(of).filter((policy) => isGoverning(policy));
    if (governing.length === 0) return [];
    const voters = liveVoters(of);
    const shared = all(of, 'org')[0]?.strict ? findSharedDeadEnd(governing, voters) : null;
    return [...governing.flatMap((policy) => findDeadEnd([policy], voters) ?? []), ...(shared ? [shared] : [])];
  };
  const candidates = deadEnds(next);
  if (candidates.length === 0) return null;
  const before = new Set(deadEnds(state).map((item) => item.policyId));
  const found = candidates.find((item) => !before.has(item.policyId));
  if (!found) return null;
  return refused(
    409,
    'policy.dead_end',
    `The policy “${found.policyName}” would have ${found.available} of the ${found.required} people that a group of it needs, counted without somebody of the group who asks. Name more people there first, or lower its quorum.`,
    {
      policyId: found.policyId,
    },
  );
};
