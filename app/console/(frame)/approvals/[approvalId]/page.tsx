import { ApprovalDetail } from '@/components/approvals/approval-detail';

const DetailPage = async ({ params }: { params: Promise<{ approvalId: string }> }) => {
  const { approvalId } = await params;
  return <ApprovalDetail key={approvalId} approvalId={approvalId} />;
};

export default DetailPage;
