import type { Json } from '@/lib/domain/canonical-json';
import type { ApprovalSubject } from './approval-subject';
import type { ActivityDetail, Approval, Policy } from './shapes';
import { shownPolicyVersion } from './versions';

type Input = {
  readonly approval: Approval;
  readonly subject: ApprovalSubject;
  readonly detail: ActivityDetail | undefined;
  readonly policies: readonly Policy[];
};

/**
 * The context a decision's statement must hold, from what the screen shows: the request by id and digest, and the versions
 * of the policies that asked, computed from the definitions shown.
 */
export const decisionContext = ({ approval, subject, detail, policies }: Input): Readonly<Record<string, Json>> => {
  const asking = [
    ...new Set(
      detail
        ? detail.groups.map((group) => group.policyId)
        : approval.policyEvaluations.filter((one) => one.triggered).map((one) => one.policyId),
    ),
  ].sort();
  const shown = asking.map((id) => policies.find((policy) => policy.id === id));
  const versions = Object.fromEntries(
    shown.flatMap((policy) =>
      policy ? [[policy.id, policy.status === 'Active' ? shownPolicyVersion(policy) : 'archived'] as const] : [],
    ),
  );
  return {
    activityId: subject.id,
    ...(detail && { activityDigest: detail.digest }),
    // Somebody who may not read policies sees none: their versions are then the server's word.
    ...(shown.every((policy) => policy !== undefined) && { policyVersions: versions }),
  };
};
