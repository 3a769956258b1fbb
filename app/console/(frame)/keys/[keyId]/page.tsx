import { KeyDetail } from '@/components/keys/key-detail';

const DetailPage = async ({ params }: { params: Promise<{ keyId: string }> }) => {
  const { keyId } = await params;
  return <KeyDetail key={keyId} keyId={keyId} />;
};

export default DetailPage;
