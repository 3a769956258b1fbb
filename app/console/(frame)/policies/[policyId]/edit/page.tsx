import type { Metadata } from 'next';
import { PolicyEdit } from '@/components/policies/policy-edit';

export const metadata: Metadata = { title: 'Edit policy' };

const EditPolicyPage = async ({ params }: { params: Promise<{ policyId: string }> }) => (
  <PolicyEdit policyId={(await params).policyId} />
);

export default EditPolicyPage;
