'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { EffectiveAccess, OperationHolders } from './shapes';

type Asked = { readonly at?: string; readonly enabled?: boolean };
const momentOf = (at: string | undefined) => (at === undefined ? {} : { at });

/** What an identity may do and by which roles. @param at ISO time; absent: now. */
export const useEffectiveAccess = (identityId: string, { at, enabled }: Asked = {}) =>
  useQuery({
    queryKey: [...QUERY.permissions, 'access', identityId, at ?? 'now'],
    queryFn: ({ signal }) =>
      read<EffectiveAccess>('x.getEffectiveAccess', { params: { identityId }, query: momentOf(at), signal }),
    enabled: enabled ?? true,
  });

/** Everybody who may perform an operation. @param at ISO time; absent: now. */
export const useOperationHolders = (operation: string, { at, enabled }: Asked = {}) =>
  useQuery({
    queryKey: [...QUERY.permissions, 'holders', operation, at ?? 'now'],
    queryFn: ({ signal }) =>
      read<OperationHolders>('x.listOperationHolders', { query: { operation, ...momentOf(at) }, signal }),
    enabled: enabled ?? true,
  });
