import { z } from 'zod';
import { emptyBody } from './fields';
import type { Operation } from './operation';
import { policyChangeRequest } from './policies';
import { signatureBody, signatureRequest, walletSignatureRequest } from './signatures';
import { transaction, transactionBody } from './transactions';
import { transfer, transferBody } from './transfers';

const act = { method: 'POST', access: 'bearer', userAction: true, built: true } as const;

/** Taking a request back, and asking for an ended one again (our additions, docs/approvals.md). */
export const WITHDRAWALS: readonly Operation[] = [
  {
    // No `permission`: who asked may; anybody else needs the dialect's abort of that kind.
    id: 'x.abortActivity',
    path: '/x/activities/:activityId/abort',
    ...act,
    governs: 'activity',
    body: emptyBody,
    response: z.union([transfer, transaction, signatureRequest]),
  },
  {
    // No `permission`: only who asked may.
    id: 'x.cancelChangeRequest',
    path: '/x/change-requests/:changeRequestId/cancel',
    ...act,
    governs: 'governance',
    body: emptyBody,
    response: z.object({
      ...policyChangeRequest.shape,
      kind: z.string(),
      operationKind: z.string(),
      body: z.unknown(),
    }),
  },
  {
    id: 'x.recreateTransfer',
    path: '/x/wallets/:walletId/transfers/:transferId/recreate',
    ...act,
    governs: 'activity',
    permission: ['Wallets:Transfers:Create', 'Wallets:Sign'],
    body: transferBody,
    response: transfer,
  },
  {
    id: 'x.recreateTransaction',
    path: '/x/wallets/:walletId/transactions/:transactionId/recreate',
    ...act,
    governs: 'activity',
    permission: ['Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign'],
    body: transactionBody,
    response: transaction,
  },
  {
    id: 'x.recreateSignature',
    path: '/x/wallets/:walletId/signatures/:signatureId/recreate',
    ...act,
    governs: 'activity',
    permission: ['Keys:Signatures:Create', 'Wallets:GenerateSignature', 'Wallets:Sign'],
    body: signatureBody,
    response: walletSignatureRequest,
  },
];
