import { AuditDetail } from '@/components/audit/audit-detail';

const DetailPage = async ({ params }: { params: Promise<{ seq: string }> }) => {
  const { seq } = await params;
  return <AuditDetail key={seq} seq={seq} />;
};

export default DetailPage;
