import type { Approval, ChangeRequest, SignatureRequest, Transaction, Transfer } from './shapes';

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
