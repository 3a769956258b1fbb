'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { policiesOf } from './first-asked';
import { QUERY } from './keys';
import type { Policy, PolicyChange } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

const STALE = [QUERY.policies, QUERY.approvals];

export const usePolicies = (status?: 'Active' | 'Archived', options: { readonly enabled?: boolean } = {}) =>
  usePages<Policy>(policiesOf(status), options);

export const usePolicy = (policyId: string) =>
  useQuery({
    queryKey: [...QUERY.policies, policyId],
    queryFn: ({ signal }) => read<Policy>('policies.getPolicy', { params: { policyId }, signal }),
  });

export const useCreatePolicy = () => useSigned<Policy>('policies.createPolicy', STALE);
export const useUpdatePolicy = () => useSigned<Policy, PolicyChange>('policies.updatePolicy', STALE);
export const useArchivePolicy = () => useSigned<Policy, PolicyChange>('policies.archivePolicy', STALE);
