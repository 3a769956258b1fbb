'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { ActivityDetail, ActivitySummary, Page, Transaction } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

type Filter = {
  readonly status?: string;
  readonly walletId?: string;
  readonly keyId?: string;
  readonly initiatorId?: string;
  readonly search?: string;
};

export const useActivities = (filter: Filter = {}, options: { readonly enabled?: boolean } = {}) =>
  usePages<ActivitySummary>(
    {
      key: QUERY.activities,
      operation: 'x.listActivities',
      query: { limit: 50, ...filter },
    },
    options,
  );

/** The newest requests, as many as one page may hold. */
export const useRecentActivities = () =>
  useQuery({
    queryKey: [...QUERY.activities, 'recent'],
    queryFn: async ({ signal }) =>
      (await read<Page<ActivitySummary>>('x.listActivities', { query: { limit: 500 }, signal })).items,
  });

export const useActivity = (activityId: string | undefined) =>
  useQuery({
    queryKey: [...QUERY.activities, activityId],
    queryFn: ({ signal }) =>
      read<ActivityDetail>('x.getActivity', { params: { activityId: activityId ?? '' }, signal }),
    enabled: activityId !== undefined,
  });

const ENDED = [QUERY.activities, QUERY.approvals, QUERY.wallets];

/** Takes a request back that nothing is reserved for yet. */
export const useWithdrawRequest = () => useSigned<{ readonly status: string }>('x.abortActivity', ENDED);
/** Takes a change of governance back; only who asked for it may. */
export const useWithdrawChange = () =>
  useSigned<{ readonly status: string }>('x.cancelChangeRequest', [
    QUERY.approvals,
    QUERY.policies,
    QUERY.permissions,
    QUERY.organisation,
  ]);

/** What asks again for an ended request of each kind. */
export const ASK_AGAIN = {
  Transfer: { operation: 'x.recreateTransfer', param: 'transferId' },
  Transaction: { operation: 'x.recreateTransaction', param: 'transactionId' },
  Signature: { operation: 'x.recreateSignature', param: 'signatureId' },
} as const satisfies Readonly<Record<ActivityDetail['kind'], { readonly operation: string; readonly param: string }>>;

export const useAskAgain = (kind: ActivityDetail['kind']) =>
  useSigned<{ readonly id: string; readonly status: string }>(ASK_AGAIN[kind].operation, ENDED);

export const useCancelTransfer = () => useSigned<Transaction>('wallets.cancelTransfer', [QUERY.activities]);
export const useCancelTransaction = () => useSigned<Transaction>('wallets.cancelTransaction', [QUERY.activities]);
