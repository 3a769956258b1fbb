import { type Refusal, refused } from '@/lib/domain/refusal';
import { DELAYED, type Judgement, judgeActivity } from './judge';
import { find, type OrgState } from './state';

/** What a node answers where policies keep a reserved request from being signed; null where they don't. */
export const refusalOfJudgement = (judgement: Judgement) => {
  if (judgement.verdict === 'sign') return null;
  return judgement.verdict === 'reject'
    ? refused(403, 'evidence.blocked', judgement.reason)
    : refused(403, 'evidence.approvals_missing', 'Approvals that the policies in force ask for are missing.');
};

/**
 * Why the policies at this state keep a reserved request from being signed, by the judgement that nodes make, or null. Nothing that is
 * reserved goes back to its approvers: such a request only holds its nonce until it is given up.
 * @param now `at` is unix ms; a delay that ends within `patienceMs` of it is waited for.
 */
export const whyUnsignable = (
  state: OrgState,
  activityId: string,
  { at, patienceMs }: { readonly at: number; readonly patienceMs: number },
): Refusal | null => {
  if (find(state, 'activity', activityId)?.status !== 'Reserved') return null;
  const judged = judgeActivity(state, activityId, { at });
  if (judged.ok) return refusalOfJudgement(judged.value)?.refusal ?? null;
  const { refusal } = judged;
  return refusal.code === DELAYED && Number(refusal.details?.from) > at + patienceMs ? refusal : null;
};
