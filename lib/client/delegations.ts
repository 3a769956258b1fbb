'use client';

import { QUERY } from './keys';
import type { Delegation } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

type Filter = { readonly userId?: string; readonly toUserId?: string; readonly current?: 'true' };

/** Seats handed over, newest first; without Policies:Approvals:Read those that the reader is part of. */
export const useDelegations = (filter: Filter, options: { readonly enabled?: boolean } = {}) =>
  usePages<Delegation>(
    {
      key: [...QUERY.approvals, 'delegations'],
      operation: 'x.listDelegations',
      query: { limit: 500, ...filter },
    },
    options,
  );

export const useCreateDelegation = () => useSigned<Delegation>('x.createDelegation', [QUERY.approvals]);
export const useRevokeDelegation = () =>
  useSigned<Delegation>('x.revokeDelegation', [QUERY.approvals, QUERY.activities]);
