import type { RequiredGroup } from '@/lib/policy/policy';
import type { Approval, ChangeRequest, Policy, SignatureRequest, Transaction, Transfer } from './shapes';

/** The request or change that an approval is about. */
export type ApprovalSubject =
  | { readonly kind: 'request'; readonly id: string; readonly request: Transfer | Transaction | SignatureRequest }
  | { readonly kind: 'change'; readonly id: string; readonly change: ChangeRequest };

export const subjectOf = (approval: Approval): ApprovalSubject | null => {
  const { activity } = approval;
  if (activity.kind !== 'Wallets:Sign')
    return { kind: 'change', id: activity.changeRequest.id, change: activity.changeRequest };
  const request = activity.transferRequest ?? activity.transactionRequest ?? activity.signatureRequest;
  return request ? { kind: 'request', id: request.id, request } : null;
};

/** Groups that the policies that asked have today: what a change request waits for. */
export const groupsOf = (approval: Approval, policies: readonly Policy[]): readonly RequiredGroup[] =>
  approval.policyEvaluations
    .filter((evaluation) => evaluation.triggered)
    .flatMap((evaluation) => {
      const action = policies.find((policy) => policy.id === evaluation.policyId)?.action;
      if (action?.kind !== 'RequestApproval') return [];
      return action.approvalGroups.map((group, index) => ({ ...group, policyId: evaluation.policyId, index }));
    });
