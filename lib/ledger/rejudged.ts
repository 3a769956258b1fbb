import type { Evaluation } from '@/lib/policy/policy';
import type { ActivityRecord, ApprovalRecord, ChangeRequestRecord, Rejudgement } from './records';

type Judged = Pick<ActivityRecord, 'evaluations' | 'rejudged'>;

/** The activity with what the policies said this time behind what they said before. */
export const withRejudgement = <A extends Judged>(activity: A, rejudgement: Rejudgement): A => ({
  ...activity,
  rejudged: [...(activity.rejudged ?? []), rejudgement],
});

const isAsking = ({ triggered, action }: Evaluation): boolean => triggered && action === 'RequestApproval';
const isSame = (a: Evaluation, b: Evaluation): boolean => a.policyId === b.policyId && a.version === b.version;

/**
 * The evaluations by which a request stands where it stands: those made last and, because the groups of its own entry bind for good, those
 * of its entry that asked for approval and did not ask again.
 */
export const evaluationsDeciding = ({ evaluations, rejudged = [] }: Judged): readonly Evaluation[] => {
  const last = rejudged.at(-1)?.evaluations;
  if (!last) return evaluations;
  const binding = evaluations.filter(
    (item) => isAsking(item) && !last.some((other) => other.triggered && isSame(item, other)),
  );
  return [...last.filter((item) => !binding.some((other) => isSame(item, other))), ...binding];
};

/** What the policies said before that, oldest first; empty where the request was judged once. */
export const formerEvaluations = ({
  evaluations,
  rejudged = [],
  countedAt,
}: Judged & Pick<ActivityRecord, 'countedAt'>): readonly Rejudgement[] =>
  rejudged.length === 0 ? [] : [{ at: countedAt, evaluations }, ...rejudged.slice(0, -1)];

/** What the policies said of a change when it was asked for; of one asked for before changes kept that, its approval says it. */
export const evaluationsOfChange = (
  change: Pick<ChangeRequestRecord, 'evaluations'>,
  approval: Pick<ApprovalRecord, 'evaluations'> | null,
): readonly Evaluation[] => change.evaluations ?? approval?.evaluations ?? [];
