'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { type QueueFilter, queueOf } from './first-asked';
import { QUERY } from './keys';
import type { Approval, ChangeRequestDetail, QueueItem } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

/** The queue as it stands for the reader, newest first. */
export const useApprovalQueue = (filter: QueueFilter, options: { readonly enabled?: boolean } = {}) =>
  usePages<QueueItem>(queueOf(filter), options);

export const useApproval = (approvalId: string) =>
  useQuery({
    queryKey: [...QUERY.approvals, approvalId],
    queryFn: ({ signal }) => read<Approval>('policies.getApproval', { params: { approvalId }, signal }),
  });

/** A change of governance with its ledger entry, groups, votes and timeline. */
export const useChangeRequest = (changeRequestId: string | undefined) =>
  useQuery({
    queryKey: [...QUERY.approvals, 'change', changeRequestId],
    queryFn: ({ signal }) =>
      read<ChangeRequestDetail>('x.getChangeRequest', {
        params: { changeRequestId: changeRequestId ?? '' },
        signal,
      }),
    enabled: changeRequestId !== undefined,
  });

/** Approves or denies. The `context` the screen shows is compared with the statement before the passkey signs. */
export const useDecide = () =>
  useSigned<Approval>('policies.createApprovalDecision', [
    QUERY.approvals,
    QUERY.activities,
    QUERY.policies,
    QUERY.permissions,
    QUERY.organisation,
  ]);
