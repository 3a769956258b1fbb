import { PersonDetail } from '@/components/people/person-detail';

const DetailPage = async ({ params }: { params: Promise<{ userId: string }> }) => {
  const { userId } = await params;
  return <PersonDetail key={userId} userId={userId} />;
};

export default DetailPage;
