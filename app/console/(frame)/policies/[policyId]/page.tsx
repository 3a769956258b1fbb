import { PolicyDetail } from '@/components/policies/policy-detail';

const DetailPage = async ({ params }: { params: Promise<{ policyId: string }> }) => {
  const { policyId } = await params;
  return <PolicyDetail key={policyId} policyId={policyId} />;
};

export default DetailPage;
