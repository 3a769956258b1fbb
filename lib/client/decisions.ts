'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post, read } from './call';
import { QUERY } from './keys';
import type { DecisionTrace, PolicyVersion, TriedRequest } from './shapes';
import { usePages } from './use-pages';

/** Why an activity was decided as it was. */
export const useDecision = (activityId: string | undefined) =>
  useQuery({
    queryKey: [...QUERY.activities, activityId, 'decision'],
    queryFn: ({ signal }) => read<DecisionTrace>('x.getDecision', { params: { activityId: activityId ?? '' }, signal }),
    enabled: activityId !== undefined,
  });

export const usePolicyVersions = (policyId: string) =>
  usePages<PolicyVersion>({
    key: [...QUERY.policies, policyId, 'versions'],
    operation: 'x.listPolicyVersions',
    params: { policyId },
    query: { limit: 20 },
  });

/** The value as it was once it had been left alone for that long. */
const useSettled = <T>(value: T, delayMs: number): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
};

const SETTLED_MS = 350;

/** What the policies would say to a request, asked once typing has paused. Null asks nothing. */
export const useSimulation = (request: TriedRequest | null) => {
  const text = useSettled(request === null ? null : JSON.stringify(request), SETTLED_MS);
  const asked = text !== null && request !== null;
  return useQuery({
    queryKey: [...QUERY.policies, 'simulation', text],
    queryFn: ({ signal }) => post<DecisionTrace>('x.simulatePolicies', JSON.parse(text ?? '{}'), { signal }),
    enabled: asked,
    placeholderData: asked ? keepPreviousData : undefined,
    retry: false,
    // Windows and prices move.
    staleTime: 10_000,
  });
};
