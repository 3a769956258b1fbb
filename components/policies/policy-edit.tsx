'use client';

import { Problem } from '@/components/frame/problem';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { usePolicy } from '@/lib/client/policies';
import { definitionOf } from '@/lib/verifying/versions';
import { PolicyForm } from './policy-form';

export const PolicyEdit = ({ policyId }: { policyId: string }) => {
  const { data, error, refetch } = usePolicy(policyId);
  if (error && !data) return <Problem error={error} what="this policy" onRetry={() => void refetch()} />;
  if (!data) return <DetailSkeleton />;
  return <PolicyForm start={definitionOf(data)} policy={data} />;
};
